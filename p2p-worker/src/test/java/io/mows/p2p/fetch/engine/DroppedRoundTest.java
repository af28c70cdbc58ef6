// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.DroppedBytesException;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.core.Scrubber;
import io.mows.p2p.fetch.read.OpenedFile;
import io.mows.p2p.locator.PeerRole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The origin is wrong once: who was given bytes of the round that is dropped gets an error, all
 * others the right bytes, nobody the whole of a wrong file.
 */
final class DroppedRoundTest {
  private static final int PIECES = 12;
  private static final int LAST = PIECES - 1;
  private static final int LENGTH_BYTES = PIECES * PIECE_BYTES - 100;
  private static final int BLOCK_BYTES = 4_000;
  private static final int WRONG = 3;

  @TempDir private Path directory;
  private final FakeManifests manifests = new FakeManifests();

  private FetchSettings settings(VerifyMode mode) {
    return TestWorker.settings().verifying(mode, manifests);
  }

  /** A worker whose origin turns a bit of one piece when that is read for the first time. */
  private TestWorker worker(VerifyMode mode) {
    TestWorker worker = new TestWorker(directory, settings(mode));
    corruptOnce(List.of(worker));
    return worker;
  }

  /** All of them read from the same origin. */
  private static void corruptOnce(List<TestWorker> workers) {
    AtomicInteger left = new AtomicInteger(1);
    for (TestWorker worker : workers) {
      worker.space.allowWrongBytes();
      worker.source.corrupt(
          (file, offset, right) -> {
            if (offset == (long) WRONG * PIECE_BYTES && left.getAndDecrement() > 0) {
              right.put(17, (byte) (right.get(17) ^ 4));
            }
            return right;
          });
    }
  }

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
  }

  private static OpenedFile open(TestWorker worker) {
    return worker.engine.verification().open(file(worker));
  }

  /** All pieces but the last come; readers may have them. */
  private static void deliverAllButTheLast(TestWorker worker, FileSpec file) {
    worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
    for (int piece = 0; piece < LAST; piece++) {
      worker.source.releaseOne((long) piece * PIECE_BYTES);
    }
    // Otherwise the last one might overtake another, which would be the last one then.
    Eventually.until(() -> worker.view(file).count() == LAST, () -> "" + worker.events);
  }

  /** Until nobody is shown anything of the wrong round any more. */
  private static void awaitDropped(TestWorker worker) {
    Eventually.until(
        () -> worker.engine.verification().generation(7) > 0, () -> "no verdict " + worker.events);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(Eventually.DEADLINE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertFailsForEver(OpenedFile file) {
    for (long position : new long[] {0, 0, LENGTH_BYTES - 1}) {
      ByteBuffer dst = ByteBuffer.allocate(10);
      IOException failure = assertThrows(IOException.class, () -> file.read(position, dst));
      assertTrue(failure.getMessage().contains("Open it again"), failure::getMessage);
      assertEquals(0, dst.position(), "no bytes");
    }
    assertTrue(file.isDropped());
  }

  private static void assertReadsRightBytes(OpenedFile file) throws IOException {
    ByteBuffer dst = ByteBuffer.allocate(LENGTH_BYTES);
    assertEquals(LENGTH_BYTES, file.read(0, dst));
    TestWorker.check(file.file(), 1, 0, dst.flip());
    assertFalse(file.isDropped());
  }

  /** One call, which waits for the last piece: its first bytes were of the round before. */
  @Test
  void shouldNotMixTwoRoundsInOneRead() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      worker.source.hold();
      deliverAllButTheLast(worker, file);
      CompletableFuture<Void> reader = worker.reading(file, 0, LENGTH_BYTES);
      worker.awaitWaiting(file, LAST);
      worker.source.release();
      TestWorker.await(reader);
    }
  }

  @Test
  void shouldFailWhoWasGivenBytesOfTheRoundThatIsDroppedAndNobodyElse() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      OpenedFile given = open(worker);
      OpenedFile givenNothing = open(worker);
      worker.source.hold();
      deliverAllButTheLast(worker, given.file());
      assertEquals(10, given.read(WRONG * PIECE_BYTES, ByteBuffer.allocate(10)));
      worker.source.release();
      awaitDropped(worker);
      assertFailsForEver(given);
      assertReadsRightBytes(givenNothing);
      assertReadsRightBytes(open(worker));
      assertFailsForEver(given);
    }
  }

  /** It does not wait for bytes that it will not get. */
  @Test
  void shouldFailWhoWaitsForTheRestAtOnce() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      OpenedFile given = open(worker);
      worker.source.hold();
      deliverAllButTheLast(worker, given.file());
      CompletableFuture<Void> reader =
          worker.running(
              () -> {
                try {
                  given.read(0, ByteBuffer.allocate(PIECE_BYTES));
                  given.read(LENGTH_BYTES - 10, ByteBuffer.allocate(10));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      worker.awaitWaiting(given.file(), LAST);
      worker.source.releaseOne((long) LAST * PIECE_BYTES);
      Throwable failure = TestWorker.failureOf(reader).getCause();
      assertEquals(DroppedBytesException.class, failure.getClass(), failure::toString);
      assertEquals(0, worker.events.proven.get(), "the second round has not come");
      worker.source.release();
    }
  }

  /** The manifest answers when all bytes are here: the last of them wait for it. */
  @Test
  void shouldNotGiveTheLastPieceBeforeTheVerdict() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      OpenedFile given = open(worker);
      AtomicBoolean whole = new AtomicBoolean();
      manifests.hold();
      CompletableFuture<Void> reader =
          worker.running(
              () -> {
                try {
                  for (long at = 0; at < LENGTH_BYTES; at += 10) {
                    given.read(at, ByteBuffer.allocate(10));
                  }
                  whole.set(true);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      worker.awaitWaiting(file, LAST);
      Eventually.until(() -> worker.source.inFlight() == 0, () -> "in flight");
      worker.settle();
      assertFalse(reader.isDone(), "given the whole of a wrong file");
      manifests.release();
      Throwable failure = TestWorker.failureOf(reader).getCause();
      assertEquals(DroppedBytesException.class, failure.getClass(), failure::toString);
      assertFalse(whole.get());
    }
  }

  /** A file of one block is not handed to the kernel while the manifest may still say no. */
  @Test
  void shouldNotHandOverABlockBeforeTheVerdict() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      manifests.down(true);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      assertTrue(worker.engine.verification().whole(file).isEmpty());
      manifests.down(false);
      worker.pass(3, TimeUnit.SECONDS);
      worker.sweep();
      awaitDropped(worker);
      Eventually.until(() -> worker.events.proven.get() == 1, () -> "" + worker.events);
      Eventually.until(
          () -> worker.engine.verification().mayHandOver(7), () -> "proven, not handed over");
    }
  }

  @Test
  void shouldLetReadersOfAStrictWorkerGoOnWithTheSecondRound() throws Exception {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      assertReadsRightBytes(open(worker));
      assertEquals(1, worker.events.wrongOnce.get());
    }
  }

  @Test
  void shouldFailWhoWasGivenBytesBeforeTheyRotted() throws Exception {
    try (TestWorker worker = new TestWorker(directory, settings(VerifyMode.PIECE))) {
      OpenedFile given = open(worker);
      FileSpec file = given.file();
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      Eventually.until(() -> worker.events.proven.get() == 1, () -> "not proven");
      assertReadsRightBytes(given);
      worker.space.rot(file.blockId(1), 9);
      worker.pass(Scrubber.ROUND_NS, TimeUnit.NANOSECONDS);
      awaitDropped(worker);
      assertFailsForEver(given);
      assertReadsRightBytes(open(worker));
    }
  }

  /** Another worker has proven the file, while the wrong blocks are still on their way out here. */
  @Test
  void shouldShowNothingOfTheWrongBlocksThatAreStillBeingRemoved() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      CountDownLatch removal = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      worker.space.beforeRemove(
          block -> {
            begun.countDown();
            awaitQuietly(removal);
          });
      FileSpec file = file(worker);
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      awaitDropped(worker);
      awaitQuietly(begun);
      worker.settle();
      worker.engine.post(in -> worker.engine.core().state().proofs().show(7));
      worker.settle();
      OpenedFile opened = open(worker);
      CompletableFuture<Integer> reader =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return opened.read(WRONG * PIECE_BYTES, ByteBuffer.allocate(PIECE_BYTES));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      worker.settle();
      assertThrows(TimeoutException.class, () -> reader.get(300, TimeUnit.MILLISECONDS));
      removal.countDown();
      TestWorker.await(reader);
      assertReadsRightBytes(open(worker));
    }
  }

  @Test
  void shouldTellWhoWantsToKnowOfDroppedBytes() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      List<Long> dropped = new ArrayList<>();
      worker.engine.verification().onDropped(dropped::add);
      worker.readAll(file(worker));
      worker.settle();
      assertEquals(List.of(7L), dropped);
    }
  }

  /** One flipped bit in one answer of the origin, which the workers then pass on to each other. */
  @Test
  void shouldGiveNobodyTheWholeOfAWrongFileOnSeveralWorkers() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      List<TestWorker> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        workers.add(swarm.join("default", PeerRole.INSTANCE, settings(VerifyMode.PIECE)));
      }
      corruptOnce(workers);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      AtomicInteger errors = new AtomicInteger();
      for (int i = 0; i < 6; i++) {
        TestWorker worker = workers.get(i % 3);
        readers.add(worker.running(() -> readPieceByPiece(open(worker), errors)));
      }
      TestWorker.awaitAll(readers);
      for (TestWorker worker : workers) {
        // By itself, or because another one has told.
        Eventually.until(
            () -> worker.engine.verification().mayHandOver(7), () -> "" + worker.events);
        assertReadsRightBytes(open(worker));
      }
    }
  }

  /** As cp does: all of it, or an error. */
  private static void readPieceByPiece(OpenedFile file, AtomicInteger errors) {
    ByteBuffer all = ByteBuffer.allocate(LENGTH_BYTES);
    try {
      while (all.hasRemaining()) {
        ByteBuffer part = all.slice().limit(Math.min(100, all.remaining()));
        all.position(all.position() + file.read(all.position(), part));
      }
    } catch (IOException e) {
      errors.incrementAndGet();
      return;
    }
    TestWorker.check(file.file(), 1, 0, all.flip());
  }
}
