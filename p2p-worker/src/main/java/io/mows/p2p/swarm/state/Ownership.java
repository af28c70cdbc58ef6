// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.Rendezvous;
import java.util.Arrays;

/**
 * Who reads which piece of one file from the origin.
 *
 * <p>A few peers, the owners, are drawn from all that fetch the file; each piece belongs to one of
 * them. Few, because what the owners read at the same time also arrives at the same time: with as
 * many parallel reads as there are pieces, nobody would have anything to pass on until the end.
 * Both draws are by {@link Rendezvous} hashing, so peers that know each other agree without a word.
 */
public final class Ownership {
  private final long affinity;
  private final long fileId;
  private final long self;
  private final int maxOwners;
  private final int stripePieces;
  private final PieceBits mine;
  private final PieceBits deputy;
  private long[] owners;
  private int rank;

  public Ownership(
      long affinity, long fileId, long self, int pieceCount, int maxOwners, int stripePieces) {
    this.affinity = affinity;
    this.fileId = fileId;
    this.self = self;
    this.maxOwners = maxOwners;
    this.stripePieces = stripePieces;
    this.owners = new long[] {self};
    this.mine = new PieceBits(pieceCount);
    this.deputy = new PieceBits(pieceCount);
    mine.setAll();
  }

  /** The peers that fetch the file now, ourselves included; returns true if the owners changed. */
  public boolean update(long[] fetching) {
    long[] top = new long[maxOwners];
    int count = 0;
    long mine = Rendezvous.weight(affinity, self);
    rank = 0;
    for (long peer : fetching) {
      long weight = Rendezvous.weight(affinity, peer);
      if (Long.compareUnsigned(weight, mine) > 0) {
        rank++;
      }
      int at = count;
      while (at > 0 && Long.compareUnsigned(Rendezvous.weight(affinity, top[at - 1]), weight) < 0) {
        at--;
      }
      if (at < maxOwners) {
        int moved = Math.min(count, maxOwners - 1) - at;
        System.arraycopy(top, at, top, at + 1, moved);
        top[at] = peer;
        count = Math.min(count + 1, maxOwners);
      }
    }
    long[] chosen = Arrays.copyOf(top, count);
    if (Arrays.equals(chosen, owners)) {
      return false;
    }
    owners = chosen;
    share();
    return true;
  }

  private void share() {
    mine.clearAll();
    deputy.clearAll();
    int owner = -1;
    int next = -1;
    for (int piece = 0; piece < mine.size(); piece++) {
      if (piece % stripePieces == 0) {
        long key = Rendezvous.combine(fileId, piece / stripePieces);
        owner = heaviest(key, -1);
        next = heaviest(key, owner);
      }
      if (owner >= 0 && owners[owner] == self) {
        mine.set(piece);
      } else if (next >= 0 && owners[next] == self) {
        deputy.set(piece);
      }
    }
  }

  private int heaviest(long key, int except) {
    int best = -1;
    long bestWeight = 0;
    for (int i = 0; i < owners.length; i++) {
      long weight = Rendezvous.weight(key, owners[i]);
      if (i != except && (best < 0 || Long.compareUnsigned(weight, bestWeight) > 0)) {
        best = i;
        bestWeight = weight;
      }
    }
    return best;
  }

  /** The owners, the first in hash order first. */
  public long[] owners() {
    return owners;
  }

  public boolean isOwner() {
    return isOwner(self);
  }

  public boolean isOwner(long peer) {
    for (long owner : owners) {
      if (owner == peer) {
        return true;
      }
    }
    return false;
  }

  public boolean isMine(int piece) {
    return mine.get(piece);
  }

  /** The pieces that are ours to read; not to be changed. */
  public PieceBits mine() {
    return mine;
  }

  /** Whether we are the next in hash order after the owner of {@code piece}. */
  public boolean isDeputy(int piece) {
    return deputy.get(piece);
  }

  /** The pieces after whose owner we are the next in hash order; not to be changed. */
  public PieceBits deputy() {
    return deputy;
  }

  /** How many peers come before us in hash order. */
  public int rank() {
    return rank;
  }
}
