// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alluxio's own doors to a file that must be proven before anybody sees it. */
final class StrictDoorsTest {
  private static final int FILE_BYTES = 3 * PIECE_BYTES;
  private static final long BLOCK = TestDoors.block(0);
  private static final OpenUfsBlockOptions UFS = TestDoors.UFS;

  @TempDir Path dir;
  private TestDoors doors;
  private volatile Expectation expectation = FakeSource.expectation(FILE_BYTES);

  @BeforeEach
  void start() {
    doors = new TestDoors(dir, VerifyMode.STRICT, FILE_BYTES, FILE_BYTES, () -> expectation);
  }

  @AfterEach
  void stop() throws IOException {
    doors.close();
  }

  private void assertReadsRightBytes() throws IOException {
    assertEquals(doors.right(), doors.read(UFS));
  }

  @Test
  void shouldShowABlockFromBeforeWhenItIsProven() throws IOException {
    doors.engine().store().put(BLOCK, FakeSource.content(0, FILE_BYTES));
    assertTrue(
        doors.store().getVolatileBlockMeta(BLOCK).isEmpty(), "not for clients on this machine");
    assertReadsRightBytes();
    assertTrue(doors.store().getVolatileBlockMeta(BLOCK).isPresent());
  }

  @Test
  void shouldReplaceAWrongBlockFromBefore() throws IOException {
    byte[] wrong = FakeSource.content(0, FILE_BYTES);
    wrong[5] ^= 1;
    doors.engine().store().put(BLOCK, wrong);
    assertReadsRightBytes();
  }

  @Test
  void shouldShowNothingThatIsNotProvenThroughAnyDoor() throws IOException {
    expectation = Expectation.noEntry("/models/crc32.txt");
    doors.engine().store().put(BLOCK, FakeSource.content(0, FILE_BYTES));
    assertThrows(IOException.class, () -> doors.read(UFS));
    assertThrows(IOException.class, () -> doors.read(null));
    assertThrows(IOException.class, () -> doors.read(UFS.toBuilder().setNoCache(true).build()));
    assertTrue(doors.store().getVolatileBlockMeta(BLOCK).isEmpty());
  }

  @Test
  void shouldNotLeaveToStockWhatItCannotRead() {
    doors.engine().breakDown();
    assertThrows(IOException.class, () -> doors.read(UFS));
    doors.engine().repair();
  }
}
