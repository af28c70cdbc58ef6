// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.Backoff;
import io.mows.p2p.swarm.FilePlan;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class UncachedPiecesTest {
  private final UncachedPieces table = new UncachedPieces(4 * 16, 16);
  private final FilePlan plan = new FilePlan(new FileLayout(160, 160, 16), Backoff.DEFAULT);
  private final ArrivedPieces pieces = new ArrivedPieces(plan, table, 10, piece -> {});

  @Test
  void shouldMakeRoomByDroppingTheOldestPieceThatNobodyNeeds() {
    for (int piece = 0; piece < 4; piece++) {
      hold(piece);
    }
    plan.demand(0);
    assertNotNull(table.allocate(pieces, 4));
    assertTrue(pieces.isReadable(0), "a reader waits for it");
    assertFalse(pieces.isReadable(1));
    assertNull(pieces.aside(1));
    assertEquals(4, table.size());
  }

  @Test
  void shouldHaveNoRoomWhileEveryPieceIsNeeded() {
    for (int piece = 0; piece < 3; piece++) {
      hold(piece);
      plan.demand(piece);
    }
    UncachedPieces.Piece filling = table.allocate(pieces, 3);
    assertNull(table.allocate(pieces, 4), "three are awaited, one is being filled");
    plan.undemand(1);
    assertNotNull(table.allocate(pieces, 4));
    table.remove(filling);
    assertNotNull(table.allocate(pieces, 5));
  }

  /** That takes long for large pieces, and is not for the engine's thread. */
  @Test
  void shouldAllocateNothingBeforeBytesCome() {
    UncachedPieces large = new UncachedPieces(64L << 30, 1 << 30);
    for (int piece = 0; piece < 64; piece++) {
      assertNotNull(large.allocate(pieces, piece));
    }
  }

  @Test
  void shouldHidePiecesUntilTheyArePublished() {
    UncachedPieces.Piece piece = table.allocate(pieces, 3);
    pieces.keepAside(3, piece);
    assertNull(pieces.aside(3));
    pieces.publish(3);
    assertEquals(piece, pieces.aside(3));
  }

  /** A buffer that was used again under a reader would show it another piece's bytes. */
  @Test
  void shouldNotUseABufferAgainWhileAReaderIsInIt() {
    UncachedPieces.Piece piece = hold(0);
    assertTrue(piece.retain());
    for (int i = 1; i < 4; i++) {
      hold(i);
    }
    for (int i = 4; i < 8; i++) {
      hold(i);
    }
    assertFalse(pieces.isReadable(0), "it has been evicted");
    assertEquals(filledWith(1), read(piece));
    piece.release();
    assertFalse(piece.retain(), "it is gone for good");
  }

  @Test
  void shouldGiveEverythingBack() {
    for (int piece = 0; piece < 4; piece++) {
      hold(piece);
    }
    pieces.clear();
    assertEquals(0, table.size());
    for (int piece = 0; piece < 4; piece++) {
      assertNull(pieces.aside(piece));
      assertNotNull(table.allocate(pieces, piece));
    }
  }

  private UncachedPieces.Piece hold(int index) {
    UncachedPieces.Piece piece = table.allocate(pieces, index);
    piece.write(0, filledWith(index + 1));
    pieces.keepAside(index, piece);
    pieces.publish(index);
    return piece;
  }

  private static ByteBuffer filledWith(int value) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    while (bytes.hasRemaining()) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static ByteBuffer read(UncachedPieces.Piece piece) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    piece.read(0, bytes);
    return bytes.flip();
  }
}
