// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

/**
 * Some of the pieces of a file, of which one is to be chosen. Used again and again, for files of
 * any size. For one thread.
 */
public final class PieceSample {
  private long[] words = {};

  /** Outside of these words there are none. */
  private int from;

  private int to;
  private int count;

  /**
   * Takes the first {@code limit} pieces of {@code all} that are in neither of the others.
   *
   * @param one of the same file
   * @param other of the same file
   */
  public void take(PieceBits all, PieceBits one, PieceBits other, int limit) {
    int length = all.wordCount();
    if (words.length < length) {
      words = new long[length];
    }
    from = -1;
    to = 0;
    count = 0;
    for (int i = 0; i < length && count < limit; i++) {
      long word = all.word(i) & ~(one.word(i) | other.word(i));
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

  /** Takes all of {@code pieces}. */
  public void takeAll(PieceBits pieces) {
    int length = pieces.wordCount();
    if (words.length < length) {
      words = new long[length];
    }
    for (int i = 0; i < length; i++) {
      words[i] = pieces.word(i);
    }
    from = 0;
    to = length;
    count = pieces.count();
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int count() {
    return count;
  }

  /** Returns whether it was there. */
  public boolean remove(int piece) {
    int index = piece >>> 6;
    if (index < from || index >= to || (words[index] & 1L << piece) == 0) {
      return false;
    }
    words[index] &= ~(1L << piece);
    count--;
    return true;
  }

  /** Takes all of {@code other}. */
  public void copy(PieceSample other) {
    if (words.length < other.to) {
      words = new long[other.words.length];
    }
    System.arraycopy(other.words, other.from, words, other.from, other.to - other.from);
    from = other.from;
    to = other.to;
    count = other.count;
  }

  /** Removes those of {@code other}, all of which are here. */
  public void removeAll(PieceSample other) {
    for (int i = other.from; i < other.to; i++) {
      words[i] &= ~other.words[i];
    }
    count -= other.count;
  }

  /** Outside of the words from this one on ... */
  public int from() {
    return from;
  }

  /** ... to before this one there are no pieces. */
  public int to() {
    return to;
  }

  public long word(int index) {
    return words[index];
  }

  /** Leaves those of the lowest count only, and returns it. */
  public int keepRarest(PieceCounts counts) {
    int lowest = counts.keepRarest(words, from, to);
    count = 0;
    for (int i = from; i < to; i++) {
      count += Long.bitCount(words[i]);
    }
    return lowest;
  }

  /** The piece before which there are {@code n} others. */
  public int nth(int n) {
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
