// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.state.FileSwarm;

/** Finds the pieces of a file that nobody has read from the origin, as far as is known. */
final class Unseen {
  private Unseen() {}

  /**
   * The first piece from {@code from} on that is ours to read, that nobody has seen and that no
   * neighbour has or is getting, or -1.
   */
  static int nextOfOurs(FileSwarm file, int from) {
    PieceBits mine = file.ownership().mine();
    PieceBits seen = file.seen();
    if (seen.isFull() || mine.count() + file.assigned().count() == 0) {
      return -1;
    }
    for (int i = from >> 6; i < mine.wordCount(); i++) {
      long word =
          (mine.word(i) | file.assigned().word(i))
              & ~seen.word(i)
              & file.neighbours().copies().none(i);
      word &= i == from >> 6 ? -1L << from : -1L;
      if (word != 0) {
        return (i << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return -1;
  }

  /**
   * The last piece that nobody has seen, that its owner should have read, and that is ours next in
   * hash order; -1 if there is none that we need.
   */
  static int lastOfDeputy(FileSwarm file) {
    PieceBits deputy = file.ownership().deputy();
    for (int i = deputy.wordCount() - 1; i >= 0 && !file.seen().isFull(); i--) {
      for (long word = deputy.word(i) & ~file.seen().word(i); word != 0; ) {
        int piece = (i << 6) + 63 - Long.numberOfLeadingZeros(word);
        if (isLeft(file, piece)) {
          return piece;
        }
        word &= ~(1L << piece);
      }
    }
    return -1;
  }

  /** The first piece that we need and no neighbour has, whoever was seen to read it; or -1. */
  static int firstAnywhere(FileSwarm file) {
    for (int i = 0; i < file.have().wordCount(); i++) {
      for (long word = file.neighbours().copies().none(i) & ~file.have().word(i);
          word != 0;
          word &= word - 1) {
        int piece = (i << 6) + Long.numberOfTrailingZeros(word);
        if (piece < file.pieceCount() && file.plan().wants().needs(piece)) {
          return piece;
        }
      }
    }
    return -1;
  }

  /** The first piece of which {@link #isHadByNobody} holds, or -1. */
  static int firstHadByNobody(FileSwarm file) {
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      if (isHadByNobody(file, piece)) {
        return piece;
      }
    }
    return -1;
  }

  /** Whether we need {@code piece} and no neighbour has it, though some may be getting it. */
  static boolean isHadByNobody(FileSwarm file, int piece) {
    return file.plan().wants().needs(piece) && !file.neighbours().isHad(piece);
  }

  private static boolean isLeft(FileSwarm file, int piece) {
    return file.copies(piece) == 0 && file.plan().wants().needs(piece);
  }
}
