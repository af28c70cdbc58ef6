// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers and loads while the origin is away or denies, in a time that the tests let pass. */
final class OriginAwayTest {
  private static final int PIECES = 64;
  private static final int MAX_READS = 16;

  /** What nobody waits for leaves some of the reads to readers. */
  private static final int WIDTH = MAX_READS - MAX_READS / 8;

  /** With how many an idle worker begins. */
  private static final int FIRST_READS = 4;

  private static final long LENGTH_BYTES = (long) PIECES * PIECE_BYTES;
  private static final long STEP_MS = 100;

  @TempDir private Path directory;

  private static OriginException away() {
    return new OriginException(OriginFault.AWAY, "connection refused", null);
  }

  private static OriginException denied() {
    return new OriginException(OriginFault.DENIED, "403 AccessDenied", null);
  }

  private TestWorker worker(long patienceMs) {
    FetchSettings settings = TestWorker.settings(MAX_READS, 16, 600_000).patient(patienceMs);
    return new TestWorker(directory, settings);
  }

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
  }

  /** Time passes in small steps, and all that is asked meanwhile is answered. */
  private static void pass(TestWorker worker, long ms) {
    for (long passed = 0; passed < ms; passed += STEP_MS) {
      worker.pass(STEP_MS, TimeUnit.MILLISECONDS);
      Eventually.until(
          () -> worker.source.inFlight() == 0 && worker.source.openQuestions() == 0,
          () -> "a read or a question does not end");
      worker.settle();
    }
    worker.sweep();
  }

  /** The origin fails after the first 24 pieces: reads have become as many as they may be. */
  private static void failAfterTheFirst(TestWorker worker, FileSpec file, OriginException why) {
    worker.source.hold();
    worker.engine.readAhead(List.of(file), LENGTH_BYTES);
    for (int piece = 0; piece < 24; piece++) {
      worker.source.releaseOne((long) piece * PIECE_BYTES);
      worker.source.awaitHeldReads(Math.min(WIDTH, FIRST_READS + piece + 1));
    }
    worker.source.failReads((f, offset) -> why);
    worker.source.release();
    // What had landed before is confirmed by the first questions.
    pass(worker, 2_000);
  }

  @Test
  void shouldWaitForAnOriginThatIsAwayAndAskItSeldom() {
    try (TestWorker worker = worker(120_000)) {
      FileSpec file = file(worker);
      failAfterTheFirst(worker, file, away());
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int piece = 40; piece < 48; piece++) {
        readers.add(worker.reading(file, (long) piece * PIECE_BYTES, PIECE_BYTES));
        worker.awaitWaiting(file, piece);
      }
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      int before = worker.source.startedOffsets().size();
      pass(worker, 30_000);

      int asked = worker.source.startedOffsets().size() - before;
      assertTrue(asked >= 4 && asked <= 15, asked + " reads in 30 s");
      assertTrue(readers.stream().noneMatch(CompletableFuture::isDone), "a reader was told");
      assertFalse(load.isDone());
      OriginWait wait = worker.engine.progress().get(0).originWait().orElseThrow();
      assertEquals(OriginFault.AWAY, wait.fault());
      assertTrue(wait.what().contains("is away since 3"), wait.what());
      assertTrue(wait.what().contains("connection refused"), wait.what());

      worker.source.failReads((f, offset) -> null);
      pass(worker, 5_000);
      TestWorker.awaitAll(readers);
      TestWorker.await(load);
      assertTrue(worker.events.originsClosed.get() > 0);
      assertEquals(worker.events.originsClosed.get(), worker.events.originsOpened.get());
      assertEquals(0, worker.events.piecesGivenUp.get());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldGoOnAtFullWidthWithTheFirstAnswer() {
    try (TestWorker worker = worker(120_000)) {
      FileSpec file = file(worker);
      failAfterTheFirst(worker, file, away());
      pass(worker, 8_000);
      assertGoesOnAtFullWidth(worker);
      worker.readAll(file);
    }
  }

  private static void assertGoesOnAtFullWidth(TestWorker worker) {
    worker.source.hold();
    // A question that was asked a moment ago is still answered as before.
    Eventually.until(
        () -> worker.source.inFlight() == worker.source.heldOffsets().size(),
        () -> worker.source.inFlight() + " reads, held: " + worker.source.heldOffsets());
    worker.source.failReads((f, offset) -> null);
    for (int i = 0; i < 60 && worker.source.heldOffsets().isEmpty(); i++) {
      worker.pass(STEP_MS, TimeUnit.MILLISECONDS);
    }
    // It is asked, but by way of other threads. One question at a time.
    worker.source.awaitHeldReads(1);
    worker.source.releaseOne(worker.source.heldOffsets().get(0));
    worker.source.awaitHeldReads(WIDTH);
    worker.source.release();
  }

  @Test
  void shouldTellReadersAndLoadsWhenPatienceEndsAndGoOnAllTheSame() {
    try (TestWorker worker = worker(20_000)) {
      FileSpec file = file(worker);
      failAfterTheFirst(worker, file, denied());
      CompletableFuture<Throwable> reader = new CompletableFuture<>();
      worker.running(() -> reader.complete(worker.failureOfRead(file, 40 * PIECE_BYTES, 10)));
      worker.awaitWaiting(file, 40);
      CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
      pass(worker, 15_000);
      assertFalse(reader.isDone());
      assertFalse(load.isDone());
      pass(worker, 6_000);

      String message = TestWorker.await(reader).getMessage();
      for (String part :
          List.of("/model/7", "from byte 40960", "denies it since", "403 AccessDenied", "Check")) {
        assertTrue(message.contains(part), message);
      }
      assertTrue(TestWorker.failureOf(load).getMessage().contains("denies it"));
      assertTrue(worker.events.originsGivenUp.get() > 0);

      // Who comes now is told after the next question, not after another 20 s.
      CompletableFuture<Throwable> late = new CompletableFuture<>();
      worker.running(() -> late.complete(worker.failureOfRead(file, 50 * PIECE_BYTES, 10)));
      worker.awaitWaiting(file, 50);
      pass(worker, 6_000);
      assertInstanceOf(OriginException.class, TestWorker.await(late).getCause());

      assertGoesOnAtFullWidth(worker);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldTellReadersWhenAnOriginDoesNotAnswerAtAll() {
    try (TestWorker worker = worker(20_000)) {
      FileSpec file = file(worker);
      failAfterTheFirst(worker, file, away());
      CompletableFuture<Throwable> reader = new CompletableFuture<>();
      worker.running(() -> reader.complete(worker.failureOfRead(file, 40 * PIECE_BYTES, 10)));
      worker.awaitWaiting(file, 40);
      CompletableFuture<Throwable> other = new CompletableFuture<>();
      worker.running(() -> other.complete(worker.failureOfRead(file, 41 * PIECE_BYTES, 10)));
      worker.awaitWaiting(file, 41);
      worker.source.hold();
      worker.pass(5, TimeUnit.SECONDS);
      worker.source.awaitHeldReads(1);
      long probed = worker.source.heldOffsets().get(0) / PIECE_BYTES;
      worker.pass(16, TimeUnit.SECONDS);
      worker.sweep();
      CompletableFuture<Throwable> first = probed == 40 ? other : reader;
      assertTrue(TestWorker.await(first).getMessage().contains("is away since"));
      worker.source.failReads((f, offset) -> null);
      worker.source.release();
    }
  }

  @Test
  void shouldEndAFetchThatNobodyWaitsForAndReadAheadAgainWhenSomebodyReads() {
    try (TestWorker worker = worker(20_000)) {
      FileSpec file = file(worker);
      failAfterTheFirst(worker, file, denied());
      pass(worker, 25_000);
      worker.awaitNothingLeft();
      worker.source.failReads((f, offset) -> null);
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      pass(worker, 6_000);
      TestWorker.await(reader);
      Eventually.until(
          () -> worker.source.readsByOffset().containsKey(LENGTH_BYTES - PIECE_BYTES),
          () -> "it is read piece by piece");
    }
  }

  @Test
  void shouldKeepWhatHasLandedWhileVersionsCannotBeAsked() {
    try (TestWorker worker = worker(120_000)) {
      FileSpec file = file(worker);
      worker.source.failQuestions((f, offset) -> denied());
      CompletableFuture<Void> reader = worker.reading(file, 0, PIECE_BYTES);
      worker.awaitWaiting(file, 0);
      worker.source.awaitQuestions(1);
      pass(worker, 20_000);
      assertFalse(reader.isDone());
      int asked = worker.source.questions();
      assertTrue(asked >= 4 && asked <= 15, asked + " questions in 20 s");
      worker.source.failQuestions((f, offset) -> null);
      pass(worker, 5_000);
      TestWorker.await(reader);
      assertEquals(1, worker.source.readsByOffset().get(0L));
    }
  }

  @Test
  void shouldGetFromPeersWhatTheOriginDenies() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker full = swarm.join();
      TestWorker.await(full.engine.load(file(full), 0, LENGTH_BYTES));
      TestWorker lacking = swarm.join();
      lacking.source.failReads((f, offset) -> denied());
      lacking.source.failQuestions((f, offset) -> denied());
      FileSpec other = lacking.file(8, LENGTH_BYTES, LENGTH_BYTES);
      CompletableFuture<Void> waiting = lacking.reading(other, 0, 10);
      Eventually.until(
          () -> lacking.events.originsClosed.get() > 0, () -> "the origin counts as well");
      lacking.readAll(file(lacking));
      assertEquals(LENGTH_BYTES, lacking.events.bytesFrom(FetchMetrics.Source.PEER));
      assertFalse(waiting.isDone());
      lacking.source.failReads((f, offset) -> null);
      lacking.source.failQuestions((f, offset) -> null);
      TestWorker.await(waiting);
    }
  }

  @Test
  void shouldNotHoldUpPeersWhoseOriginAnswers() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker well = swarm.join();
      TestWorker denied = swarm.join();
      denied.source.failReads((f, offset) -> denied());
      CompletableFuture<Void> load = denied.engine.load(file(denied), 0, LENGTH_BYTES);
      TestWorker.await(well.engine.load(file(well), 0, LENGTH_BYTES));
      TestWorker.await(load);
      assertEquals(LENGTH_BYTES, denied.events.bytesFrom(FetchMetrics.Source.PEER));
    }
  }

  @Test
  void shouldNotLeaveToStockAlluxioWhatWaitsForItsOrigin() {
    FetchSettings settings = TestWorker.settings(MAX_READS, 16, 3_000).patient(600_000);
    try (TestWorker worker = new TestWorker(directory, settings)) {
      FileSpec file = file(worker);
      worker.source.failReads((f, offset) -> denied());
      Throwable failure = worker.failureOfRead(file, 0, 10);
      assertInstanceOf(TransferException.class, failure);
      assertTrue(failure.getMessage().contains("denies it"), failure::getMessage);
      worker.source.failReads((f, offset) -> null);
    }
  }

  @Test
  void shouldWaitForAManifestThatIsDeniedBeforeItRefusesTheFile() {
    FakeManifests manifests = new FakeManifests();
    FetchSettings settings =
        TestWorker.settings(MAX_READS, 16, 600_000)
            .patient(20_000)
            .verifying(VerifyMode.STRICT, manifests);
    try (TestWorker worker = new TestWorker(directory, settings)) {
      FileSpec file = file(worker);
      manifests.refuse(OriginFault.DENIED);
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      worker.awaitWaiting(file, 0);
      passSweeping(worker, 10_000);
      assertFalse(reader.isDone());
      assertTrue(manifests.questions() <= 12, manifests.questions() + " questions in 10 s");
      manifests.refuse(null);
      passSweeping(worker, 3_000);
      TestWorker.await(reader);

      FileSpec second = worker.file(8, LENGTH_BYTES, LENGTH_BYTES);
      manifests.refuse(OriginFault.DENIED);
      CompletableFuture<Throwable> late = new CompletableFuture<>();
      worker.running(() -> late.complete(worker.failureOfRead(second, 0, 10)));
      worker.awaitWaiting(second, 0);
      passSweeping(worker, 25_000);
      assertTrue(TestWorker.await(late).getMessage().contains("so it says"));
    }
  }

  private static void passSweeping(TestWorker worker, long ms) {
    for (long passed = 0; passed < ms; passed += 500) {
      pass(worker, 500);
    }
  }

  @Test
  void shouldGoOnReadingAheadWhatWasGivenUp() {
    try (TestWorker worker = worker(120_000)) {
      FileSpec file = file(worker);
      worker.source.failReads((f, offset) -> new IOException("broken"));
      worker.engine.readAhead(List.of(file), LENGTH_BYTES);
      Eventually.until(
          () -> worker.events.piecesGivenUp.get() >= PIECES,
          () -> worker.events.piecesGivenUp + " are given up");
      worker.source.failReads((f, offset) -> null);
      worker.read(file, 0, 10);
      worker.pass(61, TimeUnit.SECONDS);
      Eventually.until(
          () -> worker.events.piecesArrived.get() == PIECES,
          () -> worker.events.piecesArrived + " pieces are here");
    }
  }
}
