// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the source next. */
final class FetchOrderTest {
  @TempDir private Path directory;

  @Test
  void shouldReadTheFirstByteOfAnIdleWorkerAlone() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 32 * PIECE_BYTES, 32 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> reader = worker.reading(file, 5 * PIECE_BYTES, 10);
      worker.awaitWaiting(file, 5);
      worker.engine.readAhead(List.of(file), 1 << 20);
      worker.settle();
      worker.source.awaitHeldReads(1);
      worker.source.releaseOne(5 * PIECE_BYTES);
      TestWorker.await(reader);
      worker.source.awaitHeldReads(4);
      worker.source.release();
    }
  }

  @Test
  void shouldFetchTheFirstPieceOfAnOpenedFileAloneAndOnce() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 32 * PIECE_BYTES, 32 * PIECE_BYTES);
      worker.source.hold();
      worker.engine.anticipate(file);
      worker.source.awaitHeldReads(1);
      worker.engine.readAhead(List.of(file), 1 << 20);
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      worker.settle();
      worker.source.awaitHeldReads(1);
      worker.source.releaseOne(0);
      TestWorker.await(reader);
      worker.source.release();
      worker.readAll(file);
      assertEquals(1, startedPieces(worker).stream().filter(piece -> piece == 0).count());
    }
  }

  @Test
  void shouldLeaveRoomForReadersWhenReadingAhead() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      worker.source.hold();
      worker.engine.readAhead(List.of(file), 1 << 20);
      for (int piece = 0; piece < 3; piece++) {
        worker.source.releaseOne((long) piece * PIECE_BYTES);
      }
      worker.source.awaitHeldReads(7);
      CompletableFuture<Void> reader = worker.reading(file, 60 * PIECE_BYTES, 10);
      worker.source.releaseOne(60 * PIECE_BYTES);
      TestWorker.await(reader);
      List<Long> expected = LongStream.range(0, 10).boxed().collect(Collectors.toList());
      expected.add(60L);
      assertEquals(expected, startedPieces(worker));
      worker.source.release();
      worker.readAll(file);
      assertTrue(worker.source.mostInFlight() <= 8, worker.source.mostInFlight() + " at once");
    }
  }

  @Test
  void shouldReadWhatReadersWaitForFirstThenLoadsThenAhead() {
    try (TestWorker worker = new TestWorker(directory, TestWorker.settings(1, 4, 10_000))) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.source.hold();
      worker.engine.readAhead(List.of(file), 1 << 20);
      worker.source.awaitHeldReads(1);
      CompletableFuture<Void> load = worker.engine.load(file, 4 * PIECE_BYTES, 2L * PIECE_BYTES);
      CompletableFuture<Void> reader = worker.reading(file, 7 * PIECE_BYTES, 10);
      worker.awaitWaiting(file, 7);
      for (long piece : new long[] {0, 7, 4, 5, 1, 2, 3, 6}) {
        worker.source.releaseOne(piece * PIECE_BYTES);
      }
      TestWorker.await(reader);
      TestWorker.await(load);
      Eventually.until(() -> worker.events.committed.get() == 4, () -> "commits");
      assertEquals(List.of(0L, 7L, 4L, 5L, 1L, 2L, 3L, 6L), startedPieces(worker));
    }
  }

  /** However slow the rest is: only what is committed outlives the worker. */
  @Test
  void shouldCommitWhatHasComeWhileTheRestIsSlow() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.source.hold();
      worker.engine.readAhead(List.of(file), 1 << 20);
      worker.source.releaseOne(0);
      worker.source.releaseOne(PIECE_BYTES);
      Eventually.until(() -> worker.events.piecesArrived.get() == 2, () -> "two pieces");
      worker.pass(1, TimeUnit.SECONDS);
      Eventually.until(() -> worker.events.committed.get() == 1, () -> "their block");
      worker.source.release();
      worker.readAll(file);
    }
  }

  @Test
  void shouldNotReadFurtherAheadThanTheBudget() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      worker.engine.readAhead(List.of(file), 10 * PIECE_BYTES);
      Eventually.until(() -> worker.events.piecesArrived.get() >= 10, () -> "read-ahead");
      worker.settle();
      worker.read(file, 20 * PIECE_BYTES, 10);
      Eventually.until(() -> worker.events.piecesArrived.get() >= 30, () -> "read-ahead");
      Eventually.until(() -> worker.source.inFlight() == 0, () -> "reads");
      worker.settle();
      long furthest = startedPieces(worker).stream().mapToLong(p -> p).max().orElseThrow();
      assertEquals(30, furthest);
    }
  }

  @Test
  void shouldKeepReadingAheadOfAReaderThatFindsEverythingThere() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      worker.read(file, 0, 10);
      worker.engine.readAhead(List.of(file), 10 * PIECE_BYTES);
      for (int piece = 0; piece < 40; piece++) {
        int next = piece + 1;
        worker.read(file, (long) piece * PIECE_BYTES, PIECE_BYTES);
        Eventually.until(
            () -> worker.view(file).isReadable(next), () -> "piece " + next + " is not read ahead");
      }
    }
  }

  /** Otherwise a reader that stops half-way would keep the block's memory for ever. */
  @Test
  void shouldGiveBackABlockWhoseReaderStoppedBeyondTheBudget() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      worker.engine.readAhead(List.of(file), 4 * PIECE_BYTES);
      worker.read(file, 0, 10);
      worker.awaitNothingLeft();
      assertEquals(1, worker.events.aborted.get());
    }
  }

  private static List<Long> startedPieces(TestWorker worker) {
    List<Long> pieces = worker.source.startedOffsets();
    pieces.replaceAll(offset -> offset / PIECE_BYTES);
    return pieces;
  }
}
