// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class PieceCountsTest {
  private static final int SEED = 47;

  @Test
  void shouldCountAsNumbersDo() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 50; round++) {
      int[] expected = new int[1 + random.nextInt(300)];
      PieceCounts counts = new PieceCounts(expected.length);
      for (int i = 0; i < 3_000; i++) {
        int piece = random.nextInt(expected.length);
        if (random.nextInt(3) > 0) {
          counts.more(piece);
          expected[piece]++;
        } else if (expected[piece] > 0) {
          assertEquals(--expected[piece] == 0, counts.less(piece), "piece " + piece);
        }
      }
      assertSame(expected, counts);
      assertRarest(expected, counts, random);
    }
  }

  private static void assertSame(int[] expected, PieceCounts counts) {
    for (int piece = 0; piece < expected.length; piece++) {
      assertEquals(expected[piece], counts.of(piece), "piece " + piece);
    }
  }

  /** Of any pieces, those that there are least of. */
  private static void assertRarest(int[] expected, PieceCounts counts, Random random) {
    PieceBits pieces = new PieceBits(expected.length);
    int lowest = Integer.MAX_VALUE;
    pieces.set(0);
    for (int piece = 0; piece < expected.length; piece++) {
      if (random.nextBoolean()) {
        pieces.set(piece);
      }
      lowest = pieces.get(piece) ? Math.min(lowest, expected[piece]) : lowest;
    }
    long[] words = pieces.toLongs();
    assertEquals(lowest, counts.keepRarest(words, 0, words.length));
    PieceBits left = PieceBits.ofLongs(expected.length, words);
    for (int piece = 0; piece < expected.length; piece++) {
      boolean isRarest = pieces.get(piece) && expected[piece] == lowest;
      assertEquals(isRarest, left.get(piece), "piece " + piece);
    }
  }

  @Test
  void shouldNotCountBelowNothing() {
    PieceCounts counts = new PieceCounts(70);
    counts.more(69);
    counts.less(69);
    assertThrows(IllegalStateException.class, () -> counts.less(69));
  }
}
