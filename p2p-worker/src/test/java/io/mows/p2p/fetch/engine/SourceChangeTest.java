// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.FileLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file is replaced at the source while it is being fetched. */
final class SourceChangeTest {
  private static final int LENGTH_BYTES = 8 * PIECE_BYTES;
  private static final FileLayout LAYOUT =
      new FileLayout(LENGTH_BYTES, 4 * PIECE_BYTES, PIECE_BYTES);

  @TempDir private Path directory;

  @Test
  void shouldStopReadersAndLoadsAndGiveTheBlocksBack() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 1, LAYOUT);
      worker.source.hold();
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      List<CompletableFuture<Throwable>> readers = new ArrayList<>();
      for (int piece = 0; piece < 8; piece++) {
        int at = piece * PIECE_BYTES;
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        worker.running(() -> failure.complete(worker.failureOfRead(file, at, 10)));
        readers.add(failure);
        worker.awaitWaiting(file, piece);
      }
      worker.source.replace(file);
      worker.source.release();

      for (CompletableFuture<Throwable> reader : readers) {
        assertStopped(TestWorker.await(reader));
      }
      assertStopped(TestWorker.failureOf(load));
      assertEquals(1, worker.events.changed.get());
      worker.awaitNothingLeft();
      assertEquals(Set.of(), worker.space.committedBlocks());
      assertEquals(0, worker.events.committed.get());
    }
  }

  @Test
  void shouldStopWhenTheSourceSaysSoInsteadOfDelivering() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 1, LAYOUT);
      worker.read(file, 0, 10);
      worker.source.failReads((f, offset) -> new TransferException(Remedy.STOP, "replaced"));
      assertStopped(worker.failureOfRead(file, 5 * PIECE_BYTES, 10));
      assertStopped(worker.failureOfRead(file, PIECE_BYTES, 10));
      assertEquals(1, worker.events.changed.get());
      Eventually.until(
          () -> {
            worker.sweep();
            return worker.engine.progress().isEmpty();
          },
          () -> "a broken fetch lingers");
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldKeepBlocksThatWereCompleteBefore() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 1, LAYOUT);
      TestWorker.await(worker.engine.load(file, 0, 10));
      worker.source.replace(file);
      assertStopped(worker.failureOfRead(file, 5 * PIECE_BYTES, 10));
      worker.read(file, 0, 4 * PIECE_BYTES);
      worker.awaitNothingLeft();
      worker.read(file, 0, 4 * PIECE_BYTES);
    }
  }

  /** Pieces that land while the question is open are of unknown version, too. */
  @Test
  void shouldForgetPiecesThatLandWhileTheQuestionIsOpen() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 1, LAYOUT);
      worker.source.hold();
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      CompletableFuture<Throwable> first = new CompletableFuture<>();
      worker.running(() -> first.complete(worker.failureOfRead(file, 0, 10)));
      worker.awaitWaiting(file, 0);
      worker.source.holdQuestions();
      worker.source.replace(file);
      worker.source.releaseOne(0);
      worker.source.awaitQuestions(1);
      worker.source.releaseOne(PIECE_BYTES);
      Eventually.until(() -> worker.events.piecesArrived.get() == 2, () -> "second piece");
      worker.source.releaseQuestions();
      assertStopped(TestWorker.await(first));
      assertStopped(TestWorker.failureOf(load));
      worker.source.release();
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldForgetUncachedPiecesOfTheNewVersion() {
    try (TestWorker worker = new TestWorker(directory)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, 1, LAYOUT);
      worker.read(file, 0, 10);
      worker.source.replace(file);
      assertStopped(worker.failureOfRead(file, 6 * PIECE_BYTES, 10));
      assertStopped(worker.failureOfRead(file, 0, 10));
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldReadTheNewVersionUnderItsNewId() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec old = worker.file(7, 1, LAYOUT);
      worker.read(old, 0, 10);
      worker.source.replace(old);
      assertStopped(worker.failureOfRead(old, 5 * PIECE_BYTES, 10));

      FileSpec fresh = worker.file(8, 1, LAYOUT);
      worker.readAll(fresh);
      assertStopped(worker.failureOfRead(old, 0, 10));
      worker.awaitNothingLeft();
    }
  }

  private static void assertStopped(Throwable failure) {
    TransferException transfer = assertInstanceOf(TransferException.class, failure);
    assertEquals(Remedy.STOP, transfer.remedy(), transfer.getMessage());
  }
}
