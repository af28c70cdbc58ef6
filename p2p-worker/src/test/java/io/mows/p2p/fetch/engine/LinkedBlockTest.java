// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks whose bytes are in memory already, as those of another file. */
final class LinkedBlockTest {
  private static final int BLOCK_BYTES = 4 * PIECE_BYTES;
  private static final int BLOCKS = 3;
  private static final int LENGTH_BYTES = BLOCKS * BLOCK_BYTES - 77;

  @TempDir private Path directory;
  private final FakeManifests manifests = new FakeManifests();

  private TestWorker worker(VerifyMode mode) {
    return new TestWorker(directory, TestWorker.settings().verifying(mode, manifests));
  }

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
  }

  private static byte[] right(FileSpec file, int block) {
    return new Content(file.fileId(), 1)
        .bytes(file.layout().blockOffset(block), (int) file.layout().blockLength(block))
        .array();
  }

  private static void addTwins(TestWorker worker, FileSpec file) throws IOException {
    for (int block = 0; block < BLOCKS; block++) {
      worker.space.addTwin(file, block, right(file, block));
    }
  }

  private static void awaitCommitted(TestWorker worker) {
    Eventually.until(
        () -> worker.space.committedBlocks().size() == BLOCKS,
        () -> "only " + worker.space.committedBlocks());
  }

  @Test
  void shouldNotFetchWhatIsInMemoryAsAnotherFile() throws IOException {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      addTwins(worker, file);
      worker.readAll(file);
      awaitCommitted(worker);
      assertEquals(List.of(), worker.source.startedOffsets());
      assertEquals(LENGTH_BYTES, worker.events.bytesFrom(Source.LINK));
      assertEquals(0, worker.events.filesArrived.get(), "nothing was received");
      for (int block = 0; block < BLOCKS; block++) {
        long id = file.blockId(block);
        assertTrue(
            Files.isSameFile(worker.space.pathOf(id), directory.resolve("twin-" + id)),
            "one copy of block " + block);
      }
      Eventually.until(() -> worker.events.proven.get() == 1, () -> "not proven");
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldProveItBeforeItIsShownIfStrict() throws IOException {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      addTwins(worker, file);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      worker.readAll(file);
      assertEquals(List.of(), worker.source.startedOffsets());
      assertEquals(1, worker.events.proven.get());
    }
  }

  @Test
  void shouldFetchTheBlocksThatNobodyHas() throws IOException {
    try (TestWorker worker = worker(VerifyMode.OFF)) {
      FileSpec file = file(worker);
      worker.space.addTwin(file, 1, right(file, 1));
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      worker.readAll(file);
      assertEquals(BLOCK_BYTES, worker.events.bytesFrom(Source.LINK));
      assertEquals(LENGTH_BYTES - BLOCK_BYTES, worker.events.bytesFrom(Source.ORIGIN));
    }
  }

  @Test
  void shouldFetchAProvenFileWhoseOtherCopyHasRotted() throws IOException {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      worker.prove(file, manifests);
      byte[] rotten = right(file, 1);
      rotten[9] ^= 1;
      Path twin = worker.space.addTwin(file, 1, rotten);
      worker.readAll(file);
      awaitCommitted(worker);
      assertTrue(worker.events.piecesWrong.get() > 0);
      assertEquals(0, worker.events.piecesFailed.get(), "nobody is to blame");
      assertArrayEquals(rotten, Files.readAllBytes(twin), "written into another file's block");
      worker.awaitNothingLeft();
    }
  }

  /** What is wrong is dropped, and not had from there again. */
  @Test
  void shouldFetchAFileWhoseOtherCopyIsNotWhatTheManifestSays() throws IOException {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      byte[] rotten = right(file, 1);
      rotten[9] ^= 1;
      addTwins(worker, file);
      worker.space.addTwin(file, 1, rotten);
      worker.readAll(file);
      assertEquals(1, worker.events.wrongOnce.get());
      assertEquals(LENGTH_BYTES, worker.events.bytesFrom(Source.ORIGIN));
      assertEquals(1, worker.events.proven.get());
    }
  }

  @Test
  void shouldFetchWhatHasJustGone() throws IOException {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      addTwins(worker, file);
      worker.space.beforeTwin(id -> worker.space.dropTwins());
      worker.readAll(file);
      awaitCommitted(worker);
      assertEquals(LENGTH_BYTES, worker.events.bytesFrom(Source.ORIGIN));
    }
  }

  @Test
  void shouldNotLinkABlockThatHasPartOfAPiece() throws IOException {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = worker.file(7, 3 * PIECE_BYTES, 2 * PIECE_BYTES - 100);
      worker.space.addTwin(file, 0, right(file, 0));
      worker.readAll(file);
      assertEquals(3 * PIECE_BYTES, worker.events.bytesFrom(Source.ORIGIN));
    }
  }

  @Test
  void shouldNotHoldUpOtherFilesWhileTheOriginIsAskedWhatIsTheSame() throws IOException {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      addTwins(worker, file);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      worker.space.beforeTwin(id -> answer.join());
      CompletableFuture<Void> waits = worker.reading(file, 0, LENGTH_BYTES);
      worker.awaitWaiting(file, 0);
      worker.readAll(worker.file(8, LENGTH_BYTES, BLOCK_BYTES));
      answer.complete(null);
      TestWorker.await(waits);
      assertEquals(LENGTH_BYTES, worker.events.bytesFrom(Source.LINK));
    }
  }
}
