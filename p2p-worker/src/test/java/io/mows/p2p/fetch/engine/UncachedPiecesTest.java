// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.file.ArrivedPieces;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UncachedPiecesTest {
  private static final FileLayout LAYOUT = new FileLayout(160, 160, 16);
  private static final FileSpec FILE =
      new FileSpec(7, "/a", LAYOUT, List.of(7L), new OriginRef(1, "a", "v1", 0));

  private final UncachedBuffers buffers = new UncachedBuffers(4, 16);
  private final UncachedSlots slots = new UncachedSlots(4 * 16, 16, buffers::free);
  private final PieceTable plan = new PieceTable(LAYOUT, Backoff.DEFAULT);
  private final ArrivedPieces pieces =
      new ArrivedPieces(FILE, plan, slots, NoEffects.get(), piece -> {});

  @Test
  void shouldMakeRoomByDroppingTheOldestPieceThatNobodyNeeds() {
    for (int piece = 0; piece < 4; piece++) {
      hold(piece);
    }
    plan.wants().demand(0);
    assertNotEquals(UncachedSlots.NONE, slots.allocate(pieces, 4));
    assertTrue(pieces.isReadable(0), "a reader waits for it");
    assertFalse(pieces.isReadable(1));
    assertFalse(pieces.isReadableAside(1));
    assertEquals(4, slots.size());
  }

  @Test
  void shouldHaveNoRoomWhileEveryPieceIsNeeded() {
    for (int piece = 0; piece < 3; piece++) {
      hold(piece);
      plan.wants().demand(piece);
    }
    long filling = slots.allocate(pieces, 3);
    assertEquals(
        UncachedSlots.NONE, slots.allocate(pieces, 4), "three are awaited, one is being filled");
    plan.wants().undemand(1);
    assertNotEquals(UncachedSlots.NONE, slots.allocate(pieces, 4));
    slots.free(filling);
    assertNotEquals(UncachedSlots.NONE, slots.allocate(pieces, 5));
  }

  /** That takes long for large pieces, and is not for the engine's thread. */
  @Test
  void shouldAllocateNothingBeforeBytesCome() {
    UncachedBuffers large = new UncachedBuffers(64, 1 << 30);
    for (int slot = 1; slot <= 64; slot++) {
      assertNotNull(large.of(slot));
    }
  }

  @Test
  void shouldHidePiecesUntilTheyArePublished() {
    pieces.keepAside(3, slots.allocate(pieces, 3));
    assertFalse(pieces.isReadableAside(3));
    pieces.publish(3);
    assertTrue(pieces.isReadableAside(3));
  }

  /** A buffer that was used again under a reader would show it another piece's bytes. */
  @Test
  void shouldNotUseABufferAgainWhileAReaderIsInIt() {
    UncachedBuffers.Buffer piece = hold(0);
    assertTrue(piece.retain());
    for (int i = 1; i < 8; i++) {
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
    pieces.close();
    assertEquals(0, slots.size());
    for (int piece = 0; piece < 4; piece++) {
      assertFalse(pieces.isReadableAside(piece));
      assertNotEquals(UncachedSlots.NONE, slots.allocate(pieces, piece));
    }
  }

  private UncachedBuffers.Buffer hold(int index) {
    long slot = slots.allocate(pieces, index);
    UncachedBuffers.Buffer bytes = buffers.of(slot);
    bytes.write(0, filledWith(index + 1));
    pieces.keepAside(index, slot);
    pieces.publish(index);
    return bytes;
  }

  private static ByteBuffer filledWith(int value) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    while (bytes.hasRemaining()) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static ByteBuffer read(UncachedBuffers.Buffer piece) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    piece.read(0, bytes);
    return bytes.flip();
  }
}
