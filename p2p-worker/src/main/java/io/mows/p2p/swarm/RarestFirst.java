// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.PieceSample;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;

/** Finds what a neighbour has that we need, the rarest first. */
final class RarestFirst {
  private static final int SCAN_LIMIT = 512;

  private RarestFirst() {}

  /**
   * The rarest piece that we need and the neighbour has, among the first few hundred, or -1. Which
   * of several is another one for each peer: all ask the one who has them for the same otherwise.
   */
  static int from(FileSwarm file, NeighbourPieces map, long self) {
    PieceSample left = new PieceSample();
    left.take(map.have(), file.have(), file.arriving(), SCAN_LIMIT);
    PieceSample rarest = new PieceSample();
    int best = -1;
    while (best < 0 && !left.isEmpty()) {
      rarest.copy(left);
      rarest.keepRarest(file.neighbours().copies());
      left.removeAll(rarest);
      best = needed(file, rarest, self);
    }
    return best;
  }

  /** One of {@code pieces} that we need, or -1. */
  private static int needed(FileSwarm file, PieceSample pieces, long self) {
    int best = -1;
    long bestTie = 0;
    for (int i = pieces.from(); i < pieces.to(); i++) {
      for (long word = pieces.word(i); word != 0; word &= word - 1) {
        int piece = (i << 6) + Long.numberOfTrailingZeros(word);
        long tie = Rendezvous.mix(self ^ piece);
        if ((best < 0 || tie < bestTie) && file.needs(piece)) {
          best = piece;
          bestTie = tie;
        }
      }
    }
    return best;
  }

  /** Whether the neighbour has a piece that is worth taking now, among the first few hundred. */
  static boolean needsAny(FileSwarm file, NeighbourPieces map) {
    int scanned = 0;
    for (int p = map.have().nextSet(0);
        p >= 0 && scanned < SCAN_LIMIT;
        p = map.have().nextSet(p + 1)) {
      if (!file.have().get(p)) {
        scanned++;
        if (file.needs(p)) {
          return true;
        }
      }
    }
    return false;
  }
}
