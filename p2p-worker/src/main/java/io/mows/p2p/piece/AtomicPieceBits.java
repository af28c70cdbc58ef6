// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * One bit for each piece of a file: present or not. One thread writes, any thread reads without a
 * lock; a reader that sees a bit set also sees all that the writer did before setting it.
 */
public final class AtomicPieceBits {
  private final AtomicIntegerArray words;
  private final int pieceCount;

  public AtomicPieceBits(int pieceCount) {
    this.pieceCount = pieceCount;
    this.words = new AtomicIntegerArray((pieceCount + 31) >>> 5);
  }

  public int pieceCount() {
    return pieceCount;
  }

  public boolean has(int piece) {
    return (words.get(piece >>> 5) & 1 << (piece & 31)) != 0;
  }

  /** Sets the bit of {@code piece}; for the one writer only. */
  public void set(int piece) {
    words.set(piece >>> 5, words.get(piece >>> 5) | 1 << (piece & 31));
  }

  /** Clears the bit of {@code piece}; for the one writer only. */
  public void clear(int piece) {
    words.set(piece >>> 5, words.get(piece >>> 5) & ~(1 << (piece & 31)));
  }

  /** How many bits are set: exact while the writer rests, a snapshot otherwise. */
  public int count() {
    int count = 0;
    for (int i = 0; i < words.length(); i++) {
      count += Integer.bitCount(words.get(i));
    }
    return count;
  }
}
