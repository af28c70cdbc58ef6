// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.List;

/**
 * One file as the swarm sees it: what we have of it and are getting, what each neighbour has told
 * us, how rare each piece is, and what the neighbours have yet to be told.
 */
final class FileSwarm {
  private static final int SCAN_LIMIT = 512;

  final long fileId;
  final int pieceCount;
  final Ownership ownership;
  final PieceBits have;
  final PieceBits arriving;

  /** Seen anywhere in the swarm, or being read from the origin by somebody. */
  final PieceBits seen;

  /** It is our share of a load that others have no part in: they will not read it. */
  final PieceBits assigned;

  /** A reader waits for it somewhere and it had not been seen. */
  final PieceBits demandedElsewhere;

  /** The neighbours that have told us their map. */
  final List<PeerMap> neighbours = new ArrayList<>();

  final IntList newHave = new IntList();
  final IntList newArriving = new IntList();
  final IntList newGone = new IntList();
  final IntList newSeen = new IntList();
  final IntList newDemanded = new IntList();

  /** Null if we only serve the file. */
  FilePlan plan;

  /** What the locator said last, null before. */
  List<SwarmMember> members;

  /** Other peers may have the file: the origin is not ours alone. */
  boolean shared;

  /** A live peer is known to have all of the file: no need of the origin. */
  boolean completeElsewhere;

  /** Nothing has moved for long: look for anybody who has the file. */
  boolean desperate;

  /** Our last delta said that we take no more pieces now. */
  boolean toldFull;

  /** Before that, nothing is read from the origin. */
  long holdOriginUntilNs;

  /** Nor before that while a peer that has a part of the file has not told which. */
  long patientUntilNs;

  /** Whether it is too early for the origin; worked out once for all pieces. */
  boolean settling;

  /** When others did something last that brings this file forward. */
  long lastProgressNs;

  /** When a peer said last that it lacks something of the file. */
  long lastNeededNs;

  private final int[] copies;
  private boolean wasIdle;
  private int demandedPiece = -1;
  private long demandedSinceNs;

  FileSwarm(long fileId, int pieceCount, Ownership ownership) {
    this.fileId = fileId;
    this.pieceCount = pieceCount;
    this.ownership = ownership;
    this.have = new PieceBits(pieceCount);
    this.arriving = new PieceBits(pieceCount);
    this.seen = new PieceBits(pieceCount);
    this.assigned = new PieceBits(pieceCount);
    this.demandedElsewhere = new PieceBits(pieceCount);
    this.copies = new int[pieceCount];
  }

  /** Whether there are such pieces; a peer may send any number. */
  boolean hasPieces(int... pieces) {
    for (int piece : pieces) {
      if (piece < 0 || piece >= pieceCount) {
        return false;
      }
    }
    return true;
  }

  /** The first piece from {@code from} on that is ours to read and that nobody has seen, or -1. */
  int nextUnseenOfOurs(int from) {
    PieceBits mine = ownership.mine();
    if (seen.isFull() || mine.count() + assigned.count() == 0) {
      return -1;
    }
    for (int i = from >> 6; i < mine.wordCount(); i++) {
      long word = (mine.word(i) | assigned.word(i)) & ~seen.word(i);
      word &= i == from >> 6 ? -1L << from : -1L;
      if (word != 0) {
        return (i << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return -1;
  }

  /** How many neighbours have or are getting {@code piece}. */
  int copies(int piece) {
    return copies[piece];
  }

  /** Here from the start: no news. */
  void present(int piece) {
    have.set(piece);
    seen.set(piece);
  }

  void startedArriving(int piece) {
    if (arriving.set(piece)) {
      newArriving.add(piece);
      saw(piece);
    }
  }

  void arrived(int piece) {
    arriving.clear(piece);
    if (have.set(piece)) {
      newHave.add(piece);
      saw(piece);
      neighbours.forEach(map -> map.interested = true);
    }
  }

  /** Not on its way any more, or lost. */
  void gone(int piece) {
    if (clear(piece, arriving, have)) {
      newGone.add(piece);
    }
  }

  private static boolean clear(int piece, PieceBits one, PieceBits other) {
    boolean was = one.clear(piece);
    return other.clear(piece) || was;
  }

  boolean hasNews() {
    return !newHave.isEmpty() || !newArriving.isEmpty() || !newGone.isEmpty();
  }

  /** Returns true if that is news. */
  boolean saw(int piece) {
    if (seen.set(piece)) {
      newSeen.add(piece);
      return true;
    }
    return false;
  }

  void addNeighbour(PeerMap map) {
    neighbours.add(map);
  }

  /**
   * Counts what the neighbour has no more.
   *
   * @param onlyOne whether what it had and no other neighbour has is probably nowhere else
   */
  void removeNeighbour(PeerMap map, boolean onlyOne) {
    if (!neighbours.remove(map)) {
      return;
    }
    for (int piece = 0; piece < pieceCount; piece++) {
      if (map.covers(piece)) {
        copies[piece]--;
        boolean unsure = onlyOne || map.arriving.get(piece);
        if (unsure && copies[piece] == 0 && !have.get(piece)) {
          seen.clear(piece);
        }
      }
    }
    // If it comes back, after a quarantine, all that it has counts anew.
    map.have.clearAll();
    map.arriving.clearAll();
  }

  void replaceMap(PeerMap map, SwarmMessage.PieceMap message, long nowNs) {
    PieceBits theirHave = message.have();
    PieceBits theirArriving = message.arriving();
    // Later, what we have reason to believe lost must not come back by hearsay.
    boolean first = !map.known;
    for (int piece = 0; piece < pieceCount; piece++) {
      boolean covers = theirHave.get(piece) || theirArriving.get(piece);
      if (covers != map.covers(piece)) {
        copies[piece] += covers ? 1 : -1;
      }
      if (theirHave.get(piece) && !map.have.get(piece)) {
        noteHave(piece, nowNs);
      } else if (covers || (first && message.seen().get(piece))) {
        saw(piece);
      }
    }
    map.have = theirHave.copy();
    map.arriving = theirArriving.copy();
    map.interested = true;
    map.known = true;
  }

  void update(PeerMap map, SwarmMessage.Delta delta, long nowNs) {
    map.interested = true;
    for (int piece : delta.gone()) {
      if (clear(piece, map.have, map.arriving)) {
        copies[piece]--;
      }
    }
    for (int piece : delta.arriving()) {
      if (!map.covers(piece)) {
        map.arriving.set(piece);
        copies[piece]++;
        saw(piece);
      }
    }
    for (int piece : delta.have()) {
      if (!map.covers(piece)) {
        copies[piece]++;
      }
      map.arriving.clear(piece);
      map.have.set(piece);
      noteHave(piece, nowNs);
    }
  }

  private void noteHave(int piece, long nowNs) {
    saw(piece);
    if (!have.get(piece)) {
      lastProgressNs = nowNs;
    }
  }

  /** Our own list of it was wrong: the neighbour does have {@code piece}, or does not. */
  void correct(PeerMap map, int piece, boolean has) {
    if (!neighbours.contains(map)) {
      return;
    }
    if (has) {
      if (!map.covers(piece)) {
        copies[piece]++;
        map.have.set(piece);
      }
    } else if (clear(piece, map.have, map.arriving)) {
      copies[piece]--;
    }
  }

  List<SwarmMember> memberList() {
    return members == null ? List.of() : members;
  }

  void hear(SwarmMessage.Rumour rumour, long nowNs) {
    for (int piece : rumour.seen()) {
      if (saw(piece)) {
        lastProgressNs = nowNs;
      }
    }
    for (int piece : rumour.demanded()) {
      demandedSomewhere(piece);
    }
  }

  private void demandedSomewhere(int piece) {
    if (!seen.get(piece) && demandedElsewhere.set(piece)) {
      newDemanded.add(piece);
    }
  }

  /** Tells the swarm for which unseen pieces readers wait here. */
  void noteDemands(long nowNs) {
    if (plan == null) {
      return;
    }
    boolean isIdle = plan.isIdle();
    if (isIdle || wasIdle) {
      // Nothing was to be brought forward: what is wanted now has not been waited for.
      lastProgressNs = nowNs;
    }
    wasIdle = isIdle;
    int piece = plan.nextDemanded(0);
    if (piece != demandedPiece) {
      demandedPiece = piece;
      demandedSinceNs = nowNs;
      if (piece >= 0) {
        demandedSomewhere(piece);
      }
    }
  }

  /** The first piece that a reader waits for, if it has waited that long, or -1. */
  int overdue(long patienceNs, long nowNs) {
    return demandedPiece >= 0 && nowNs - demandedSinceNs > patienceNs ? demandedPiece : -1;
  }

  /** Whether {@code piece} is worth taking from a peer now. */
  boolean needs(int piece) {
    return plan != null && shared && plan.needs(piece);
  }

  /** Whether {@code piece} is here, comes, or has been asked for. */
  boolean gets(int piece) {
    return have.get(piece) || (plan != null && plan.isUnderWay(piece));
  }

  /**
   * The rarest piece that we need and the neighbour has, among the first few hundred, or -1. Which
   * of several is another one for each peer: all ask the one who has them for the same otherwise.
   */
  int rarestFrom(PeerMap map, long self) {
    int best = -1;
    long bestTie = 0;
    int scanned = 0;
    for (int i = 0; i < map.have.wordCount() && scanned < SCAN_LIMIT; i++) {
      long word = map.have.word(i) & ~(have.word(i) | arriving.word(i));
      for (; word != 0; word &= word - 1) {
        int piece = (i << 6) + Long.numberOfTrailingZeros(word);
        scanned++;
        long tie = Rendezvous.mix(self ^ piece);
        int rarer = best < 0 ? -1 : Integer.compare(copies(piece), copies(best));
        if ((rarer < 0 || (rarer == 0 && tie < bestTie)) && needs(piece)) {
          best = piece;
          bestTie = tie;
        }
      }
    }
    return best;
  }

  /** Whether the neighbour has a piece that is worth taking now, among the first few hundred. */
  boolean needsFrom(PeerMap map) {
    int scanned = 0;
    for (int p = map.have.nextSet(0); p >= 0 && scanned < SCAN_LIMIT; p = map.have.nextSet(p + 1)) {
      if (!have.get(p)) {
        scanned++;
        if (needs(p)) {
          return true;
        }
      }
    }
    return false;
  }
}
