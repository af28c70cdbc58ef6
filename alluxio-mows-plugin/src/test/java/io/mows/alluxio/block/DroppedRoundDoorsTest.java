// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alluxio's own doors to a file of which the origin delivered one wrong bit, once. */
final class DroppedRoundDoorsTest {
  private static final int BLOCK_BYTES = 2 * PIECE_BYTES;
  private static final int FILE_BYTES = 2 * BLOCK_BYTES;
  private static final long FIRST = Ids.block(1, 0);
  private static final long LAST_PIECE = 3 * PIECE_BYTES;
  private static final OpenUfsBlockOptions UFS =
      OpenUfsBlockOptions.newBuilder().setUfsPath("oss://bucket/1.bin").build();

  @TempDir Path dir;
  private final CountDownLatch lastPiece = new CountDownLatch(1);
  private TestEngine engine;
  private MowsBlockStore store;
  private PacedLoads pacedLoads;

  @BeforeEach
  void start() {
    CRC32 crc = new CRC32();
    crc.update(FakeSource.content(0, FILE_BYTES));
    Expectation expected = Expectation.crc32((int) crc.getValue(), "/models/crc32.txt");
    engine =
        new TestEngine(
            dir,
            2 * FILE_BYTES,
            VerifyMode.PIECE,
            file -> CompletableFuture.completedFuture(expected));
    FakeMaster master = new FakeMaster();
    master.answer =
        new FileInfo()
            .setFileId(Ids.file(1))
            .setPath("/models/1.bin")
            .setLength(FILE_BYTES)
            .setBlockSizeBytes(BLOCK_BYTES)
            .setBlockIds(List.of(FIRST, Ids.block(1, 1)))
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
    engine.source().beWrongOnceAt(0);
    engine.source().failWith(this::waitBeforeTheLastPiece);
  }

  private void waitBeforeTheLastPiece(long offset) throws IOException {
    try {
      if (offset == LAST_PIECE && !lastPiece.await(30, TimeUnit.SECONDS)) {
        throw new IOException("never let go");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @AfterEach
  void stop() throws IOException {
    lastPiece.countDown();
    pacedLoads.close();
    engine.close();
  }

  private BlockReader open() throws IOException {
    return store.createBlockReader(8, FIRST, 0, false, UFS);
  }

  private void loadFirstBlock() {
    store.loadBlock(FIRST).orElseThrow().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** The rest of the file comes, the verdict, and the file once more. */
  private void finish() {
    CompletableFuture<Void> rest = store.loadBlock(Ids.block(1, 1)).orElseThrow();
    lastPiece.countDown();
    rest.orTimeout(30, TimeUnit.SECONDS).join();
    loadFirstBlock();
    assertTrue(engine.engine().verification().generation(Ids.file(1)) > 0, "no verdict");
  }

  private void assertReadsRightBytes() throws IOException {
    try (BlockReader fresh = open()) {
      assertEquals(ByteBuffer.wrap(FakeSource.content(0, BLOCK_BYTES)), fresh.read(0, BLOCK_BYTES));
    }
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
    loadFirstBlock();
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
    loadFirstBlock();
    try (BlockReader reader = store.createBlockReader(8, FIRST, 0, false, null)) {
      reader.read(0, 10);
      CompletableFuture<Void> rest = store.loadBlock(Ids.block(1, 1)).orElseThrow();
      lastPiece.countDown();
      while (engine.engine().verification().generation(Ids.file(1)) == 0) {
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
    loadFirstBlock();
    assertTrue(store.getVolatileBlockMeta(FIRST).isEmpty());
    finish();
    assertTrue(store.getVolatileBlockMeta(FIRST).isPresent());
  }
}
