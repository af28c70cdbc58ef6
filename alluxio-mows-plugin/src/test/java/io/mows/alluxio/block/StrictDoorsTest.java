// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.wire.FileInfo;
import alluxio.worker.block.io.BlockReader;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.PacedLoads;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alluxio's own doors to a file that must be proven before anybody sees it. */
final class StrictDoorsTest {
  private static final int FILE_BYTES = 3 * PIECE_BYTES;
  private static final long BLOCK = Ids.block(1, 0);
  private static final OpenUfsBlockOptions UFS =
      OpenUfsBlockOptions.newBuilder().setUfsPath("oss://bucket/1.bin").build();

  @TempDir Path dir;
  private TestEngine engine;
  private MowsBlockStore store;
  private PacedLoads pacedLoads;
  private volatile Expectation expectation = Expectation.crc32(crc32(), "/models/crc32.txt");

  private static int crc32() {
    CRC32 crc = new CRC32();
    crc.update(FakeSource.content(0, FILE_BYTES));
    return (int) crc.getValue();
  }

  @BeforeEach
  void start() {
    engine =
        new TestEngine(
            dir,
            2 * FILE_BYTES,
            VerifyMode.STRICT,
            file -> CompletableFuture.completedFuture(expectation));
    FakeMaster master = new FakeMaster();
    master.answer =
        new FileInfo()
            .setFileId(Ids.file(1))
            .setPath("/models/1.bin")
            .setLength(FILE_BYTES)
            .setBlockSizeBytes(FILE_BYTES)
            .setBlockIds(List.of(BLOCK))
            .setCompleted(true)
            .setPersisted(true)
            .setUfsPath("oss://bucket/1.bin")
            .setUfsFingerprint("");
    FileCatalog catalog =
        new FileCatalog(master, MowsConfs.paths("/models"), PIECE_BYTES, "crc32.txt");
    pacedLoads = new PacedLoads(engine.engine(), FILE_BYTES);
    store =
        new MowsBlockStore(
            engine.store().store(),
            catalog,
            engine.engine(),
            pacedLoads,
            new MowsMetrics(),
            file -> {});
  }

  @AfterEach
  void stop() throws IOException {
    pacedLoads.close();
    engine.close();
  }

  private ByteBuffer read(OpenUfsBlockOptions options) throws IOException {
    try (BlockReader reader = store.createBlockReader(8, BLOCK, 0, false, options)) {
      return reader.read(0, FILE_BYTES);
    }
  }

  @Test
  void shouldShowABlockFromBeforeWhenItIsProven() throws IOException {
    engine.store().put(BLOCK, FakeSource.content(0, FILE_BYTES));
    assertTrue(store.getVolatileBlockMeta(BLOCK).isEmpty(), "not for clients on this machine");
    assertEquals(ByteBuffer.wrap(FakeSource.content(0, FILE_BYTES)), read(UFS));
    assertTrue(store.getVolatileBlockMeta(BLOCK).isPresent());
  }

  @Test
  void shouldReplaceAWrongBlockFromBefore() throws IOException {
    byte[] wrong = FakeSource.content(0, FILE_BYTES);
    wrong[5] ^= 1;
    engine.store().put(BLOCK, wrong);
    assertEquals(ByteBuffer.wrap(FakeSource.content(0, FILE_BYTES)), read(UFS));
  }

  @Test
  void shouldShowNothingThatIsNotProvenThroughAnyDoor() throws IOException {
    expectation = Expectation.noEntry("/models/crc32.txt");
    engine.store().put(BLOCK, FakeSource.content(0, FILE_BYTES));
    assertThrows(IOException.class, () -> read(UFS));
    assertThrows(IOException.class, () -> read(null));
    assertThrows(IOException.class, () -> read(UFS.toBuilder().setNoCache(true).build()));
    assertTrue(store.getVolatileBlockMeta(BLOCK).isEmpty());
  }

  @Test
  void shouldNotLeaveToStockWhatItCannotRead() {
    engine.breakDown();
    assertThrows(IOException.class, () -> read(UFS));
    engine.repair();
  }
}
