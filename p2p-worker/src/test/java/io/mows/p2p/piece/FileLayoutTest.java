// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class FileLayoutTest {
  private static final long TERABYTE = 1L << 40;

  @Test
  void shouldCutAFileIntoPiecesAndBlocks() {
    FileLayout layout = new FileLayout(10_000, 4_096, 1_024);
    assertEquals(10, layout.pieceCount());
    assertEquals(10_000 - 9 * 1_024, layout.pieceLength(9));
    assertEquals(3, layout.blockCount());
    assertEquals(10_000 - 2 * 4_096, layout.blockLength(2));
    assertEquals(4, layout.firstPieceOfBlock(1));
    assertEquals(7, layout.lastPieceOfBlock(1));
    assertEquals(9, layout.lastPieceOfBlock(2));
  }

  @Test
  void shouldKnowTheBlocksOfAPieceThatStraddlesThem() {
    FileLayout layout = new FileLayout(10_000, 300, 1_024);
    assertEquals(0, layout.firstBlockOfPiece(0));
    assertEquals(3, layout.lastBlockOfPiece(0));
    assertEquals(3, layout.firstBlockOfPiece(1));
  }

  @Test
  void shouldCutNothingOutOfAnEmptyFile() {
    FileLayout layout = new FileLayout(0, 4_096, 1_024);
    assertEquals(0, layout.pieceCount());
    assertEquals(0, layout.blockCount());
  }

  @Test
  void shouldRefuseWhatIsNoLayout() {
    assertThrows(IllegalArgumentException.class, () -> new FileLayout(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new FileLayout(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new FileLayout(1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new FileLayout(TERABYTE, TERABYTE, 1));
    assertThrows(IllegalArgumentException.class, () -> new FileLayout(TERABYTE, 1, 1 << 20));
  }

  /** Both grids cover every byte exactly once, and agree about which piece lies in which block. */
  @Test
  void shouldCoverEveryByteExactlyOnceWhateverTheSizes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int scale = random.nextBoolean() ? 1 : 1 << 28;
      long length = (long) scale * (1 + random.nextInt(2_000)) + random.nextInt(5);
      long block = (long) scale * (1 + random.nextInt(300)) + random.nextInt(5);
      int piece = scale * (1 + random.nextInt(7)) + random.nextInt(5);
      check(new FileLayout(length, block, piece), random);
    }
  }

  private static void check(FileLayout layout, Random random) {
    long at = 0;
    for (int p = 0; p < layout.pieceCount(); p++) {
      assertEquals(at, layout.pieceOffset(p));
      assertTrue(layout.pieceLength(p) > 0);
      at += layout.pieceLength(p);
      assertEquals(at, layout.pieceEnd(p));
      assertEquals(layout.blockAt(layout.pieceOffset(p)), layout.firstBlockOfPiece(p));
      assertEquals(layout.blockAt(at - 1), layout.lastBlockOfPiece(p));
    }
    assertEquals(layout.lengthBytes(), at);
    at = 0;
    for (int b = 0; b < layout.blockCount(); b++) {
      assertEquals(at, layout.blockOffset(b));
      assertTrue(layout.blockLength(b) > 0);
      at += layout.blockLength(b);
      assertEquals(at, layout.blockEnd(b));
    }
    assertEquals(layout.lengthBytes(), at);
    for (int i = 0; i < 50; i++) {
      checkByte(layout, (long) (random.nextDouble() * layout.lengthBytes()));
    }
    checkByte(layout, layout.lengthBytes() - 1);
  }

  private static void checkByte(FileLayout layout, long offset) {
    int piece = layout.pieceAt(offset);
    int block = layout.blockAt(offset);
    assertTrue(layout.pieceOffset(piece) <= offset && offset < layout.pieceEnd(piece));
    assertTrue(layout.blockOffset(block) <= offset && offset < layout.blockEnd(block));
    assertTrue(layout.firstPieceOfBlock(block) <= piece);
    assertTrue(piece <= layout.lastPieceOfBlock(block));
    assertTrue(layout.firstBlockOfPiece(piece) <= block);
    assertTrue(block <= layout.lastBlockOfPiece(piece));
  }
}
