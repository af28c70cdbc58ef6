// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AtomicPieceBitsTest {
  @Test
  void shouldRememberEachPieceByItself() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int pieces : new int[] {1, 31, 32, 33, 64, 1_000}) {
      AtomicPieceBits map = new AtomicPieceBits(pieces);
      BitSet expected = new BitSet();
      assertEquals(pieces, map.pieceCount());
      for (int i = 0; i < 500; i++) {
        int piece = random.nextInt(pieces);
        if (random.nextBoolean()) {
          map.set(piece);
          expected.set(piece);
        } else {
          map.clear(piece);
          expected.clear(piece);
        }
      }
      for (int piece = 0; piece < pieces; piece++) {
        assertEquals(expected.get(piece), map.has(piece), "piece " + piece + " of " + pieces);
      }
      assertEquals(expected.cardinality(), map.count());
    }
  }

  @Test
  void shouldHaveNothingAtFirst() {
    assertEquals(0, new AtomicPieceBits(100).count());
    assertFalse(new AtomicPieceBits(100).has(99));
    assertEquals(0, new AtomicPieceBits(0).count());
  }

  /** Who sees a bit sees what was written before it was set, and never loses it to a neighbour. */
  @Test
  void shouldShowReadersWhatWasWrittenBeforeABitWasSet() throws Exception {
    int pieces = 20_000;
    AtomicPieceBits map = new AtomicPieceBits(pieces);
    int[] content = new int[pieces];
    List<CompletableFuture<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(CompletableFuture.supplyAsync(() -> readAll(map, content)));
    }
    List<Integer> order = new ArrayList<>();
    for (int piece = 0; piece < pieces; piece++) {
      order.add(piece);
    }
    Collections.shuffle(order, new Random(1));
    for (int piece : order) {
      content[piece] = piece + 1;
      map.set(piece);
    }
    for (CompletableFuture<Integer> reader : readers) {
      assertEquals(pieces, reader.get(30, TimeUnit.SECONDS));
    }
    assertEquals(pieces, map.count());
  }

  private static int readAll(AtomicPieceBits map, int[] content) {
    BitSet seen = new BitSet();
    while (seen.cardinality() < map.pieceCount()) {
      for (int piece = seen.nextClearBit(0);
          piece < map.pieceCount();
          piece = seen.nextClearBit(piece + 1)) {
        if (map.has(piece)) {
          assertEquals(piece + 1, content[piece]);
          seen.set(piece);
        }
      }
      Thread.onSpinWait();
    }
    for (int piece = 0; piece < map.pieceCount(); piece++) {
      assertTrue(map.has(piece), "a piece was lost again");
    }
    return seen.cardinality();
  }
}
