// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadTest {
  private static final int LENGTH_BYTES = 30_000;

  @TempDir private Path directory;

  @Test
  void shouldEndWhenAllBlocksAreCommittedAndNotBefore() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 4 * PIECE_BYTES);
      CountDownLatch commits = new CountDownLatch(1);
      worker.space.beforeCommit(
          id -> {
            if (id == file.blockId(1)) {
              awaitLatch(commits);
            }
          });
      CompletableFuture<Void> load = worker.engine.load(file, 0, 8 * PIECE_BYTES);
      Eventually.until(
          () -> worker.space.committedBlocks().contains(file.blockId(0)), () -> "block 0");
      worker.settle();
      assertFalse(load.isDone());
      worker.readAll(file);
      commits.countDown();
      TestWorker.await(load);
      assertEquals(Set.of(file.blockId(0), file.blockId(1)), worker.space.committedBlocks());
    }
  }

  @Test
  void shouldDoNothingTheSecondTime() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 4_000);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      worker.awaitNothingLeft();
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      FetchReadTest.assertEachPieceReadOnce(worker, file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldBringTheRestOfABlockThatIsStreamed() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 16 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.read(file, 5 * PIECE_BYTES, 10);
      worker.settle();
      assertEquals(1, worker.source.startedOffsets().size());
      worker.engine.stream(file, 1);
      Eventually.until(
          () -> worker.space.committedBlocks().equals(Set.of(file.blockId(1))), () -> "block 1");
      assertEquals(4, worker.source.startedOffsets().size());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldLoadOnlyTheBlocksThatOverlap() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 16 * PIECE_BYTES, 4 * PIECE_BYTES);
      TestWorker.await(worker.engine.load(file, 5 * PIECE_BYTES, 3 * PIECE_BYTES + 1));
      assertEquals(Set.of(file.blockId(1), file.blockId(2)), worker.space.committedBlocks());
      assertEquals(8, worker.source.startedOffsets().size());
    }
  }

  @Test
  void shouldStopAtTheEndOfTheFile() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 4_000);
      TestWorker.await(worker.engine.load(file, 0, 0));
      TestWorker.await(worker.engine.load(file, LENGTH_BYTES, 10));
      assertEquals(List.of(), worker.source.startedOffsets());
      TestWorker.await(worker.engine.load(file, LENGTH_BYTES - 1, Long.MAX_VALUE));
      assertEquals(Set.of(file.blockId(7)), worker.space.committedBlocks());
      TestWorker.await(worker.engine.load(worker.file(8, 0, 4_000), 0, 10));
    }
  }

  @Test
  void shouldShareTheWorkOfLoadsThatOverlap() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 4 * PIECE_BYTES);
      List<CompletableFuture<Void>> loads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(LENGTH_BYTES);
        int length = 1 + random.nextInt(LENGTH_BYTES - from);
        loads.add(
            worker.running(
                () -> {
                  TestWorker.await(worker.engine.load(file, from, length));
                  for (int at = from; at < from + length; at += PIECE_BYTES) {
                    assertTrue(worker.space.isCommitted(file.blockId(file.layout().blockAt(at))));
                  }
                }));
      }
      loads.add(worker.engine.load(file, 0, LENGTH_BYTES));
      TestWorker.awaitAll(loads);
      FetchReadTest.assertEachPieceReadOnce(worker, file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldFetchABlockAgainWhoseCommitFailed() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 4_000);
      AtomicInteger commits = new AtomicInteger();
      worker.space.failCommits(id -> commits.getAndIncrement() % 3 == 1);
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      TestWorker.await(load);
      assertEquals(8, worker.space.committedBlocks().size());
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldGiveUpWhenCommitsKeepFailingButServeReaders() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.space.failCommits(id -> true);
      CompletableFuture<Void> load = worker.engine.load(file, 0, 10);
      String message = TestWorker.failureOf(load).getMessage();
      assertTrue(message.contains("commit"), message);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  /** The block store may reserve a block only after the unfinished one of the same id is gone. */
  @Test
  void shouldNotReserveABlockBeforeItsLastAbortHasEnded() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 4 * PIECE_BYTES, 4 * PIECE_BYTES);
      AtomicInteger commits = new AtomicInteger();
      worker.space.failCommits(id -> commits.getAndIncrement() == 0);
      CountDownLatch abort = new CountDownLatch(1);
      worker.space.beforeAbort(id -> awaitLatch(abort));
      CompletableFuture<Void> load = worker.engine.load(file, 0, 10);
      Eventually.until(() -> worker.events.aborted.get() == 1, () -> "abort");
      worker.settle();
      FileSpec other = worker.file(12, PIECE_BYTES, PIECE_BYTES);
      assertEquals(1, worker.space.reservations());
      abort.countDown();
      TestWorker.await(load);
      worker.readAll(other);
      assertEquals(0, worker.events.refused.get());
    }
  }

  /** Committing talks to the Alluxio master, which may be away for minutes. */
  @Test
  void shouldReadOtherFilesWhileCommitsHang() {
    try (TestWorker worker = new TestWorker(directory)) {
      CountDownLatch commits = new CountDownLatch(1);
      worker.space.beforeCommit(id -> awaitLatch(commits));
      List<CompletableFuture<Void>> loads = new ArrayList<>();
      for (int id = 1; id <= 6; id++) {
        FileSpec file = worker.file(id, PIECE_BYTES, PIECE_BYTES);
        loads.add(worker.engine.load(file, 0, 10));
      }
      Eventually.until(() -> worker.events.piecesArrived.get() == 6, () -> "pieces");
      worker.readAll(worker.file(9, 3_000, 1_000));
      commits.countDown();
      TestWorker.awaitAll(loads);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertTrue(latch.await(Eventually.DEADLINE_S, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
