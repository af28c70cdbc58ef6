// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.Arrays;

/**
 * How often there is each piece of a file. The binary digits of 64 counts lie side by side, one
 * word for each digit, so that the rarest of many pieces are found by a few operations for 64
 * pieces at a time. For one thread.
 */
public final class PieceCounts {
  private final int words;

  private long sum;

  /** The lowest digit first; as many as the highest count ever has needed. */
  private long[][] digits = {};

  public PieceCounts(int pieceCount) {
    this.words = (pieceCount + 63) >>> 6;
  }

  public int of(int piece) {
    int index = piece >>> 6;
    int count = 0;
    for (int d = 0; d < digits.length; d++) {
      count |= (int) (digits[d][index] >>> piece & 1) << d;
    }
    return count;
  }

  /** Whether there is no piece at all. */
  public boolean isZero() {
    return sum == 0;
  }

  /** Those of the 64 pieces of word {@code index} of which there is none. */
  public long none(int index) {
    long any = 0;
    for (int d = 0; d < digits.length; d++) {
      any |= digits[d][index];
    }
    return ~any;
  }

  /** There is one more. */
  public void more(int piece) {
    sum++;
    int index = piece >>> 6;
    long bit = 1L << piece;
    int d = 0;
    // Carries into the first digit that is 0.
    for (; d < digits.length && (digits[d][index] & bit) != 0; d++) {
      digits[d][index] &= ~bit;
    }
    if (d == digits.length) {
      digits = Arrays.copyOf(digits, d + 1);
      digits[d] = new long[words];
    }
    digits[d][index] |= bit;
  }

  /**
   * There is one less.
   *
   * @return whether there is none left
   * @throws IllegalStateException if there was none
   */
  public boolean less(int piece) {
    int index = piece >>> 6;
    long bit = 1L << piece;
    int d = 0;
    // Borrows from the first digit that is 1.
    for (; d < digits.length && (digits[d][index] & bit) == 0; d++) {
      digits[d][index] |= bit;
    }
    if (d == digits.length) {
      throw new IllegalStateException("Piece " + piece + " was counted less often than taken away");
    }
    digits[d][index] &= ~bit;
    sum--;
    return (none(index) & bit) != 0;
  }

  /**
   * Leaves the rarest of {@code pieces} only.
   *
   * @param pieces one bit each, as words
   * @param from the first of the words that count
   * @param to behind the last of them
   * @return how often there is each of those that are left
   */
  int keepRarest(long[] pieces, int from, int to) {
    int count = 0;
    for (int d = digits.length - 1; d >= 0; d--) {
      long[] digit = digits[d];
      long zeros = 0;
      for (int i = from; i < to; i++) {
        zeros |= pieces[i] & ~digit[i];
      }
      if (zeros == 0) {
        count |= 1 << d;
        continue;
      }
      for (int i = from; i < to; i++) {
        pieces[i] &= ~digit[i];
      }
    }
    return count;
  }
}
