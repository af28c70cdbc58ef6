// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers and loads see of a source that fails. */
final class FetchFailureTest {
  private static final long LENGTH_BYTES = 8 * PIECE_BYTES;

  @TempDir private Path directory;

  @Test
  void shouldTryAgainWithoutTheReaderNoticing() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      AtomicInteger count = new AtomicInteger();
      worker.source.failReads(
          (f, offset) -> count.incrementAndGet() % 2 == 1 ? new IOException("reset") : null);
      worker.readAll(file);
      assertTrue(worker.events.piecesFailed.get() > 0);
      assertEquals(0, worker.events.piecesGivenUp.get());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldTellTheReaderClearlyWhenItGivesUp() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failReads(
          (f, offset) ->
              offset == 2 * PIECE_BYTES
                  ? new TransferException(Remedy.RETRY, "connection refused")
                  : null);
      Throwable failure = worker.failureOfRead(file, 2 * PIECE_BYTES + 5, 10);

      TransferException transfer = assertInstanceOf(TransferException.class, failure);
      assertEquals(Remedy.RETRY, transfer.remedy());
      assertTrue(transfer.getMessage().contains("/model/7"), transfer.getMessage());
      assertTrue(transfer.getMessage().contains("connection refused"), transfer.getMessage());
      assertEquals(3, worker.source.readsByOffset().get(2L * PIECE_BYTES));
      worker.settle();
      worker.settle();
      assertEquals(3, worker.source.readsByOffset().get(2L * PIECE_BYTES), "no read for nobody");
      assertEquals(1, worker.events.piecesGivenUp.get());
      worker.read(file, 0, 2 * PIECE_BYTES);
    }
  }

  @Test
  void shouldTryAgainForALaterReader() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failReads((f, offset) -> new IOException("down"));
      worker.failureOfRead(file, 0, 10);
      worker.source.failReads((f, offset) -> null);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldTellEveryReaderAndLoadThatWaits() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failReads((f, offset) -> offset == 0 ? new IOException("down") : null);
      worker.source.hold();
      List<CompletableFuture<Throwable>> readers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        readers.add(failure);
        worker.running(() -> failure.complete(worker.failureOfRead(file, 0, 10)));
      }
      worker.awaitWaiting(file, 0);
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      worker.source.release();
      for (CompletableFuture<Throwable> reader : readers) {
        assertInstanceOf(TransferException.class, TestWorker.await(reader));
      }
      assertEquals("down", TestWorker.failureOf(load).getMessage());
      worker.source.failReads((f, offset) -> null);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
    }
  }

  @Test
  void shouldReadAgainWhatCouldNotBeConfirmed() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      AtomicInteger questions = new AtomicInteger();
      worker.source.failQuestions(
          (f, offset) ->
              questions.getAndIncrement() == 0
                  ? new TransferException(Remedy.RETRY, "timed out")
                  : null);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldGiveUpWhenVersionsCanNeverBeConfirmed() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failQuestions((f, offset) -> new IOException("no answer"));
      assertTrue(worker.failureOfRead(file, 0, 10).getMessage().contains("no answer"));
      assertEquals(
          "no answer",
          TestWorker.failureOf(worker.engine.load(file, 0, LENGTH_BYTES)).getMessage());
      worker.awaitNothingLeft();
      assertEquals(0, worker.events.committed.get());
    }
  }

  @Test
  void shouldTellAReaderWhenAPieceTakesTooLong() {
    try (TestWorker worker = new TestWorker(directory, TestWorker.settings(8, 4, 30))) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.hold();
      Throwable failure = worker.failureOfRead(file, 0, 10);
      // Not the origin's word but a fault of ours: the caller may still ask stock Alluxio.
      assertFalse(failure instanceof TransferException);
      assertTrue(failure.getMessage().contains("30 ms"), failure.getMessage());
      worker.source.release();
      worker.awaitNothingLeft();
    }
  }

  /** Sources that are built of other sources complete their futures in stages. */
  @Test
  void shouldFindTheRemedyOfAFailureThatWentThroughSeveralStages() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failReads(
          (f, offset) ->
              new CompletionException(new TransferException(Remedy.STOP, "no such file")));
      TransferException failure =
          assertInstanceOf(TransferException.class, worker.failureOfRead(file, 0, 10));
      assertEquals(Remedy.STOP, failure.remedy());
      assertEquals(1, worker.source.startedOffsets().size());
    }
  }

  @Test
  void shouldStartFewReadsWhenTheSourceFailsAtOnce() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.source.failReads((f, offset) -> new TransferException(Remedy.STOP, "gone"));
      for (int i = 0; i < 50; i++) {
        worker.failureOfRead(file, 0, 10);
      }
      int reads = worker.source.startedOffsets().size();
      assertTrue(reads <= 50, reads + " reads for 50 readers");
      worker.awaitNothingLeft();
    }
  }
}
