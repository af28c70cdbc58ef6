// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.Arrays;

/**
 * A fixed number of bits, one for each piece of a file, with the count kept and the words open to
 * word-wise set arithmetic without allocation. For one thread, unless nobody changes it any more.
 */
public final class PieceBits {
  private final long[] words;
  private final int size;
  private int count;

  public PieceBits(int size) {
    this.size = size;
    this.words = new long[(size + 63) >>> 6];
  }

  private PieceBits(PieceBits other) {
    this.size = other.size;
    this.words = other.words.clone();
    this.count = other.count;
  }

  /**
   * Takes over what {@link #toLongs} of a peer gave.
   *
   * @throws IllegalArgumentException if the words do not fit the size
   */
  public static PieceBits ofLongs(int size, long[] words) {
    PieceBits bits = new PieceBits(size);
    boolean stray = (size & 63) != 0 && words.length > 0 && words[words.length - 1] >>> size != 0;
    if (words.length != bits.words.length || stray) {
      throw new IllegalArgumentException(words.length + " words do not hold " + size + " bits");
    }
    for (int i = 0; i < words.length; i++) {
      bits.words[i] = words[i];
      bits.count += Long.bitCount(words[i]);
    }
    return bits;
  }

  public long[] toLongs() {
    return words.clone();
  }

  public int size() {
    return size;
  }

  public int count() {
    return count;
  }

  public boolean isFull() {
    return count == size;
  }

  public boolean get(int piece) {
    return (words[piece >>> 6] & 1L << piece) != 0;
  }

  /** Returns true if the bit was not set before. */
  public boolean set(int piece) {
    if (get(piece)) {
      return false;
    }
    words[piece >>> 6] |= 1L << piece;
    count++;
    return true;
  }

  /** Returns true if the bit was set before. */
  public boolean clear(int piece) {
    if (!get(piece)) {
      return false;
    }
    words[piece >>> 6] &= ~(1L << piece);
    count--;
    return true;
  }

  public void setAll() {
    Arrays.fill(words, -1L);
    if ((size & 63) != 0) {
      words[words.length - 1] = (1L << size) - 1;
    }
    count = size;
  }

  public void clearAll() {
    Arrays.fill(words, 0);
    count = 0;
  }

  /** The first set bit from {@code from} on, or -1. */
  public int nextSet(int from) {
    if (from >= size) {
      return -1;
    }
    int index = from >>> 6;
    long word = words[index] & -1L << from;
    while (word == 0) {
      if (++index == words.length) {
        return -1;
      }
      word = words[index];
    }
    return (index << 6) + Long.numberOfTrailingZeros(word);
  }

  public PieceBits copy() {
    return new PieceBits(this);
  }

  /** The set bits, ascending. */
  public int[] toArray() {
    int[] pieces = new int[count];
    int next = 0;
    for (int piece = nextSet(0); piece >= 0; piece = nextSet(piece + 1)) {
      pieces[next++] = piece;
    }
    return pieces;
  }

  public int wordCount() {
    return words.length;
  }

  public long word(int index) {
    return words[index];
  }
}
