// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.upload;

import io.mows.p2p.piece.PieceSample;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.List;

/**
 * Finds what to offer to whom: the rarest piece first, then to the neighbour that gets nothing from
 * us yet, then to the one with most room, then by chance, each (neighbour, piece) as likely as any
 * other. It looks at 64 pieces at a time: this is done some times for each piece that comes. For
 * one thread.
 */
final class OfferSearch {
  /** So many pieces that a neighbour lacks are looked at, the first ones. */
  private static final int SCAN_LIMIT = 512;

  /**
   * So many files spread at a time, the rarest piece first whichever file it is of. One file after
   * the other, every file would begin with one peer that gives and many that have nothing to give.
   */
  private static final int FILES = 3;

  /**
   * A file of fewer pieces counts as a part of one: while the last neighbours wait for some small
   * files, the pieces of a large one behind them spread already.
   */
  private static final int WHOLE_FILE = 16;

  /** A bound is worth what it takes to find if it may spare so many neighbours. */
  private static final int BOUND_PAYS = 3;

  private final SwarmState swarm;
  private final Outgoing outgoing;

  /** The pieces of one file that one neighbour could be offered. */
  private final PieceSample sample = new PieceSample();

  private FileSwarm file;
  private NeighbourPieces map;
  private int piece;
  private long rank;

  /** So many (neighbour, piece) had this rank, of which chance has chosen one. */
  private int equals;

  private long chance;
  private long wordsLookedAt;

  /**
   * @param outgoing what is on its way to neighbours, or offered; changed by others
   */
  OfferSearch(SwarmState swarm, Outgoing outgoing) {
    this.swarm = swarm;
    this.outgoing = outgoing;
  }

  /** The best offer, or null; another {@code salt} may choose another one of equals. */
  OutgoingPiece find(long salt, long nowNs) {
    file = null;
    map = null;
    rank = Long.MAX_VALUE;
    chance = salt;
    int pieces = 0;
    for (FileSwarm candidate : swarm.lists().giving()) {
      int filesBefore = pieces / WHOLE_FILE;
      if (filesBefore >= FILES || rank < rank(filesBefore, 0, Integer.MAX_VALUE)) {
        break;
      }
      if (scan(candidate, filesBefore)) {
        pieces += Math.min(WHOLE_FILE, candidate.pieceCount());
      }
    }
    return map == null ? null : new OutgoingPiece(map, file, piece, nowNs);
  }

  /** Less comes first. */
  private static long rank(int rarity, int crowd, int freeSlots) {
    return ((long) rarity << 32) + ((long) crowd << 16) + 255 - Math.min(255, freeSlots);
  }

  /** Returns whether there is a piece of {@code candidate} to offer. */
  private boolean scan(FileSwarm candidate, int filesBefore) {
    boolean wanted = false;
    int leastRarity = leastRarity(candidate, filesBefore);
    for (int i = 0; i < candidate.neighbours().told().size(); i++) {
      NeighbourPieces peer = candidate.neighbours().told().get(i);
      Neighbour neighbour = peer.neighbour();
      boolean open = neighbour.takesMore() && swarm.hasUploadSlot(neighbour);
      if (open && peer.isInterested() && !peer.have().isFull()) {
        boolean mayBeBest = rank(leastRarity, neighbour.crowd(), neighbour.freeSlots()) <= rank;
        wanted |= (mayBeBest || !wanted) && scan(candidate, peer, filesBefore);
      }
    }
    return wanted;
  }

  /**
   * Nothing of this file is rarer, whoever lacks it: who is worse than the best is not looked at.
   */
  private int leastRarity(FileSwarm candidate, int filesBefore) {
    if (candidate.neighbours().told().size() < BOUND_PAYS) {
      return 0;
    }
    sample.takeAll(candidate.have());
    wordsLookedAt += candidate.have().wordCount();
    int copies =
        Math.min(
            leastPromised(outgoing.active(), candidate),
            leastPromised(outgoing.offers(), candidate));
    if (!sample.isEmpty()) {
      copies = Math.min(copies, sample.keepRarest(candidate.neighbours().copies()));
    }
    return FILES * copies + filesBefore;
  }

  /** Of what is on its way to anybody, there are more copies than are known of. */
  private int leastPromised(List<OutgoingPiece> uploads, FileSwarm candidate) {
    int least = Integer.MAX_VALUE / FILES - FILES;
    for (int i = 0; i < uploads.size(); i++) {
      OutgoingPiece upload = uploads.get(i);
      if (upload.file == candidate && sample.remove(upload.piece)) {
        least = Math.min(least, copies(candidate, upload.piece));
      }
    }
    return least;
  }

  /** How many others have {@code promised}, are getting it, or are to get it from here. */
  int copies(FileSwarm candidate, int promised) {
    return candidate.neighbours().copies().of(promised)
        + outgoing.copiesUnderWay(candidate, promised);
  }

  private boolean scan(FileSwarm candidate, NeighbourPieces peer, int filesBefore) {
    sample.take(candidate.have(), peer.have(), peer.arriving(), SCAN_LIMIT);
    wordsLookedAt += candidate.have().wordCount();
    boolean promised = considerPromised(outgoing.active(), candidate, peer, filesBefore);
    promised |= considerPromised(outgoing.offers(), candidate, peer, filesBefore);
    if (sample.isEmpty()) {
      return promised;
    }
    int copies = sample.keepRarest(candidate.neighbours().copies());
    consider(candidate, peer, FILES * copies + filesBefore, -1);
    return true;
  }

  /** What is on its way to others is less rare than it seems: it is looked at by itself. */
  private boolean considerPromised(
      List<OutgoingPiece> uploads, FileSwarm candidate, NeighbourPieces peer, int filesBefore) {
    boolean wanted = false;
    for (int i = 0; i < uploads.size(); i++) {
      OutgoingPiece upload = uploads.get(i);
      // A second offer of it to the same would take one slot more, for nothing.
      boolean isOther =
          upload.file == candidate
              && sample.remove(upload.piece)
              && !outgoing.isPromised(peer.neighbour(), candidate, upload.piece);
      if (isOther) {
        int rarity = FILES * copies(candidate, upload.piece) + filesBefore;
        consider(candidate, peer, rarity, upload.piece);
        wanted = true;
      }
    }
    return wanted;
  }

  /**
   * @param one a piece; -1 for all of {@link #sample}
   */
  private void consider(FileSwarm candidate, NeighbourPieces peer, int rarity, int one) {
    Neighbour neighbour = peer.neighbour();
    long candidateRank = rank(rarity, neighbour.crowd(), neighbour.freeSlots());
    if (candidateRank > rank) {
      return;
    }
    int count = one < 0 ? sample.count() : 1;
    equals = candidateRank < rank ? count : equals + count;
    rank = candidateRank;
    if (below(equals) < count) {
      file = candidate;
      map = peer;
      piece = one < 0 ? sample.nth(below(count)) : one;
    }
  }

  private int below(int bound) {
    if (bound == 1) {
      return 0;
    }
    chance = Rendezvous.mix(chance);
    return (int) (((chance >>> 32) * bound) >>> 32);
  }

  /** How many times 64 pieces have been looked at: what all this costs. */
  long wordsLookedAt() {
    return wordsLookedAt;
  }
}
