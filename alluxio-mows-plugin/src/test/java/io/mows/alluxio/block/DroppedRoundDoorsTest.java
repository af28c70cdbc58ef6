// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.worker.block.io.BlockReader;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alluxio's own doors to a file of which the origin delivered one wrong bit, once. */
final class DroppedRoundDoorsTest {
  private static final int BLOCK_BYTES = 2 * PIECE_BYTES;
  private static final int FILE_BYTES = 2 * BLOCK_BYTES;
  private static final long FIRST = TestDoors.block(0);
  private static final long LAST_PIECE = 3 * PIECE_BYTES;

  @TempDir Path dir;
  private TestDoors doors;

  @BeforeEach
  void start() {
    doors =
        new TestDoors(
            dir,
            VerifyMode.PIECE,
            FILE_BYTES,
            BLOCK_BYTES,
            () -> FakeSource.expectation(FILE_BYTES));
    doors.engine().source().beWrongOnceAt(0);
    doors.engine().source().holdAt(LAST_PIECE);
  }

  @AfterEach
  void stop() throws IOException {
    doors.close();
  }

  private BlockReader open() throws IOException {
    return doors.open(TestDoors.UFS);
  }

  private CompletableFuture<Void> load(int block) {
    return doors
        .store()
        .loadBlock(TestDoors.block(block))
        .orElseThrow()
        .orTimeout(30, TimeUnit.SECONDS);
  }

  private int round() {
    return doors.engine().engine().verification().generation(Ids.file(1));
  }

  /** The rest of the file comes, the verdict, and the file once more. */
  private void finish() {
    CompletableFuture<Void> rest = load(1);
    doors.engine().source().letGo();
    rest.join();
    load(0).join();
    assertTrue(round() > 0, "no verdict");
  }

  private void assertReadsRightBytes() throws IOException {
    assertEquals(doors.right(), doors.read(TestDoors.UFS));
  }

  private static void assertFails(BlockReader reader) {
    assertThrows(IOException.class, () -> reader.read(100, 10));
    assertThrows(IOException.class, () -> reader.getChannel().read(ByteBuffer.allocate(10)));
  }

  @Test
  void shouldFailTheReaderOfABlockThatArrivesWrong() throws IOException {
    try (BlockReader reader = open()) {
      reader.read(0, 10);
      finish();
      assertFails(reader);
      assertReadsRightBytes();
    }
  }

  @Test
  void shouldFailTheReaderOfACompleteBlockThatWasWrong() throws IOException {
    load(0).join();
    try (BlockReader reader = open()) {
      reader.read(0, 10);
      finish();
      assertFails(reader);
      assertReadsRightBytes();
    }
  }

  /** It reads the file by itself, and keeps the block from being removed until it is closed. */
  @Test
  void shouldFailTheStockReaderOfABlockThatWasWrong() throws Exception {
    load(0).join();
    try (BlockReader reader = doors.open(null)) {
      reader.read(0, 10);
      CompletableFuture<Void> rest = load(1);
      doors.engine().source().letGo();
      while (round() == 0) {
        assertFalse(rest.isDone(), "no verdict");
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertFails(reader);
    }
    finish();
    assertReadsRightBytes();
  }

  /** They read its file by themselves, whatever becomes of it. */
  @Test
  void shouldNotGiveABlockToClientsOnThisMachineBeforeTheVerdict() {
    load(0).join();
    assertTrue(doors.store().getVolatileBlockMeta(FIRST).isEmpty());
    finish();
    assertTrue(doors.store().getVolatileBlockMeta(FIRST).isPresent());
  }
}
