// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/**
 * Some of the pieces of a file, of which one is to be chosen. Used again and again, for files of
 * any size. For one thread.
 */
final class PieceSample {
  private long[] words = {};

  /** Outside of these words there are none. */
  private int from;

  private int to;
  private int count;

  /** The first {@code limit} pieces of {@code mine} that this neighbour neither has nor gets. */
  void takeLacking(PieceBits mine, PeerMap peer, int limit) {
    int length = mine.wordCount();
    if (words.length < length) {
      words = new long[length];
    }
    from = -1;
    to = 0;
    count = 0;
    for (int i = 0; i < length && count < limit; i++) {
      long word = peer.lacking(mine, i);
      words[i] = word;
      if (word != 0) {
        from = from < 0 ? i : from;
        to = i + 1;
        count += Long.bitCount(word);
      }
    }
    from = Math.max(0, from);
    for (; count > limit; count--) {
      words[to - 1] &= ~Long.highestOneBit(words[to - 1]);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /** Returns whether it was there. */
  boolean remove(int piece) {
    int index = piece >>> 6;
    if (index < from || index >= to || (words[index] & 1L << piece) == 0) {
      return false;
    }
    words[index] &= ~(1L << piece);
    count--;
    return true;
  }

  /** Leaves those of the lowest count only, and returns it. */
  int keepRarest(PieceCounts counts) {
    int lowest = counts.keepRarest(words, from, to);
    count = 0;
    for (int i = from; i < to; i++) {
      count += Long.bitCount(words[i]);
    }
    return lowest;
  }

  /** The piece before which there are {@code n} others. */
  int nth(int n) {
    int left = n;
    int index = from;
    while (left >= Long.bitCount(words[index])) {
      left -= Long.bitCount(words[index++]);
    }
    long word = words[index];
    for (; left > 0; left--) {
      word &= word - 1;
    }
    return (index << 6) + Long.numberOfTrailingZeros(word);
  }
}
