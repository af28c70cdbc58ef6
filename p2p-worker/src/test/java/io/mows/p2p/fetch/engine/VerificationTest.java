// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.core.Scrubber;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.read.Verification;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One worker, its origin and its manifest. */
final class VerificationTest {
  private static final int PIECES = 12;
  private static final int LENGTH_BYTES = PIECES * PIECE_BYTES - 100;
  private static final int BLOCK_BYTES = 4_000;

  @TempDir private Path directory;
  private final FakeManifests manifests = new FakeManifests();

  private TestWorker worker(VerifyMode mode) {
    return new TestWorker(directory, TestWorker.settings().verifying(mode, manifests));
  }

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
  }

  /** The origin turns a bit of one piece, as often as {@code times} says. */
  private static void corrupt(TestWorker worker, int piece, int times) {
    AtomicInteger left = new AtomicInteger(times);
    worker.source.corrupt(
        (file, offset, right) -> {
          if (offset == (long) piece * PIECE_BYTES && left.getAndDecrement() > 0) {
            right.put(17, (byte) (right.get(17) ^ 4));
          }
          return right;
        });
  }

  private static void load(TestWorker worker, FileSpec file) {
    TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
  }

  private static void awaitProven(TestWorker worker) {
    Eventually.until(() -> worker.events.proven.get() == 1, () -> "not proven");
  }

  private static void awaitFetchesEnded(TestWorker worker) {
    Eventually.until(
        () -> {
          worker.sweep();
          return worker.engine.progress().isEmpty();
        },
        () -> "fetches " + worker.engine.progress());
  }

  @Test
  void shouldProveAFileThatItHasRead() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      worker.readAll(file(worker));
      worker.readAll(file(worker));
      awaitProven(worker);
      assertEquals(0, worker.events.wrongOnce.get());
    }
  }

  @Test
  void shouldReadAWrongFileOnceMoreFromTheOrigin() throws Exception {
    for (VerifyMode mode : List.of(VerifyMode.PIECE, VerifyMode.STRICT)) {
      Path own = Files.createDirectory(directory.resolve(mode.name()));
      try (TestWorker worker =
          new TestWorker(own, TestWorker.settings().verifying(mode, manifests))) {
        worker.space.allowWrongBytes();
        corrupt(worker, 3, 1);
        FileSpec file = file(worker);
        CompletableFuture<Void> load = worker.engine.load(file, 0, LENGTH_BYTES);
        Eventually.until(() -> worker.events.wrongOnce.get() == 1, () -> mode + " not noticed");
        awaitProven(worker);
        TestWorker.await(load.handle((done, failure) -> null));
        worker.readAll(file);
        assertEquals(0, worker.events.wrongAgain.get());
        assertEquals(2, worker.source.readsByOffset().get(0L), "all of it has been read again");
        assertTrue(worker.engine.verification().generation(7) > 0, "old copies are invalid");
      }
    }
  }

  @Test
  void shouldGiveUpAFileThatIsWrongTwice() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      worker.space.allowWrongBytes();
      FileSpec file = file(worker);
      manifests.say(file, Expectation.crc32(0x1234, FakeManifests.PATH));
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      Eventually.until(() -> worker.events.wrongAgain.get() == 1, () -> "not given up");
      Throwable failure = worker.failureOfRead(file, 0, 10);
      assertInstanceOf(TransferException.class, failure);
      String crc = String.format("%08x", FakeManifests.crc32(file));
      assertTrue(
          failure.getMessage().contains("/model/7 has CRC32 " + crc + " instead of the 00001234"),
          failure.getMessage());
      Eventually.until(
          () -> worker.space.committedBlocks().isEmpty() && worker.space.reservedBlocks().isEmpty(),
          () -> "blocks " + worker.space.committedBlocks());
      List<WrongFile> wrong = worker.engine.verification().wrongFiles();
      assertEquals(1, wrong.size());
      assertEquals(0x1234, wrong.get(0).expectedCrc32());
      int reads = worker.source.startedOffsets().size();
      worker.failureOfRead(file, 5_000, 10);
      assertEquals(reads, worker.source.startedOffsets().size(), "the origin is left alone");
      assertTrue(worker.engine.verification().refusal(file).isPresent());
    }
  }

  @Test
  void shouldFailTheLoadOfAWrongFile() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      manifests.say(file, Expectation.crc32(0x1234, FakeManifests.PATH));
      Throwable failure = TestWorker.failureOf(worker.engine.load(file, 0, LENGTH_BYTES));
      assertTrue(failure.getMessage().contains("instead of the 00001234"), failure.getMessage());
      assertEquals(0, worker.events.committed.get());
    }
  }

  @Test
  void shouldGiveAWrongFileAnotherChanceWhenItsManifestIsCorrected() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      manifests.say(file, Expectation.crc32(0x1234, FakeManifests.PATH));
      TestWorker.failureOf(worker.engine.load(file, 0, LENGTH_BYTES));
      manifests.sayTheTruth(file);
      Eventually.until(
          () -> {
            worker.pass(3, TimeUnit.SECONDS);
            return worker.engine.verification().refusal(file).isEmpty();
          },
          () -> "still refused");
      awaitFetchesEnded(worker);
      worker.readAll(file);
      assertEquals(List.of(), worker.engine.verification().wrongFiles());
    }
  }

  @Test
  void shouldTryAWrongFileAgainAfterAWhile() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      corrupt(worker, 2, 2);
      TestWorker.failureOf(worker.engine.load(file, 0, LENGTH_BYTES));
      assertTrue(worker.engine.verification().refusal(file).isPresent());
      worker.settle();
      worker.pass(11, TimeUnit.MINUTES);
      Eventually.until(
          () -> worker.engine.verification().refusal(file).isEmpty(), () -> "still refused");
      awaitFetchesEnded(worker);
      worker.readAll(file);
    }
  }

  @Test
  void shouldShowNothingBeforeAllIsProvenIfStrict() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      worker.source.hold();
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      for (int piece = 0; piece < PIECES - 1; piece++) {
        worker.source.releaseOne((long) piece * PIECE_BYTES);
      }
      Eventually.until(() -> worker.source.inFlight() == 1, () -> "not the last piece");
      worker.settle();
      assertFalse(reader.isDone(), "the last piece is not here");
      assertEquals(Set.of(), worker.space.committedBlocks());
      worker.source.releaseOne((PIECES - 1L) * PIECE_BYTES);
      TestWorker.await(reader);
      worker.source.release();
      worker.readAll(file);
    }
  }

  @Test
  void shouldShowNothingOfAFileWithoutAnEntryIfStrict() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      manifests.say(file, Expectation.noEntry(FakeManifests.PATH));
      Throwable failure = worker.failureOfRead(file, 0, 10);
      assertInstanceOf(TransferException.class, failure);
      assertTrue(failure.getMessage().contains("has no entry in /model/crc32.txt"), "" + failure);
    }
  }

  @Test
  void shouldCheckWhatWasInMemoryBeforeShowingItIfStrict() throws Exception {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      FileSpec file = file(worker);
      for (int block = 0; block < file.layout().blockCount() - 1; block++) {
        worker.space.addCommitted(file, block);
      }
      worker.space.rot(file.blockId(1), 9);
      worker.readAll(file);
      assertTrue(worker.source.startedOffsets().size() < 2 * PIECES, "the rest was in memory");
    }
  }

  @Test
  void shouldRefuseWhatDoesNotFitIntoMemoryIfStrict() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      worker.space.quota(LENGTH_BYTES / 2);
      Throwable failure = worker.failureOfRead(file(worker), 0, 10);
      assertInstanceOf(TransferException.class, failure);
      assertTrue(failure.getMessage().contains("No room"), failure.getMessage());
      worker.space.quota(Long.MAX_VALUE);
      awaitFetchesEnded(worker);
      worker.readAll(file(worker));
    }
  }

  @Test
  void shouldGoOnWithoutTheManifestIfItCannotBeRead() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      manifests.down(true);
      FileSpec file = file(worker);
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      worker.readAll(file);
      assertEquals(0, worker.events.proven.get());
      manifests.down(false);
      Eventually.until(
          () -> {
            worker.pass(6, TimeUnit.SECONDS);
            worker.sweep();
            worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
            return worker.events.proven.get() == 1;
          },
          () -> "asked " + manifests.questions());
    }
  }

  @Test
  void shouldShowNothingIfStrictAndTheManifestCannotBeRead() {
    try (TestWorker worker = worker(VerifyMode.STRICT)) {
      manifests.down(true);
      Throwable failure = worker.failureOfRead(file(worker), 0, 10);
      assertInstanceOf(TransferException.class, failure);
    }
  }

  @Test
  void shouldNotWaitForTheManifestForEverInPieceMode() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      manifests.silent(true);
      FileSpec file = file(worker);
      worker.read(file, 0, 2_000);
      CompletableFuture<Void> reader = worker.reading(file, 0, LENGTH_BYTES);
      worker.awaitWaiting(file, PIECES - 1);
      Eventually.until(
          () -> {
            worker.pass(FileVerifier.HOLD_NS, TimeUnit.NANOSECONDS);
            worker.sweep();
            return reader.isDone();
          },
          () -> "still waiting");
      TestWorker.await(reader);
    }
  }

  @Test
  void shouldNotAskForManifestsIfOff() {
    try (TestWorker worker = worker(VerifyMode.OFF)) {
      worker.readAll(file(worker));
      assertEquals(0, manifests.questions());
    }
  }

  @Test
  void shouldTakeAProvenPieceOnlyIfItIsRight() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      load(worker, file);
      awaitProven(worker);
      worker.awaitNothingLeft();
      for (int block = 0; block < file.layout().blockCount(); block++) {
        worker.space.evict(file.blockId(block));
      }
      corrupt(worker, 3, 2);
      worker.readAll(file);
      assertEquals(2, worker.events.piecesWrong.get());
      assertEquals(0, worker.events.wrongOnce.get());
    }
  }

  @Test
  void shouldSayThatTheSourceIsStaleIfThatIsWhyAPieceIsWrong() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      load(worker, file);
      awaitProven(worker);
      worker.awaitNothingLeft();
      for (int block = 0; block < file.layout().blockCount(); block++) {
        worker.space.evict(file.blockId(block));
      }
      worker.source.replace(file);
      Throwable failure = worker.failureOfRead(file, 0, 10);
      assertTrue(failure.getMessage().contains("replaced by version 2"), failure.getMessage());
      assertEquals(1, worker.events.changed.get());
    }
  }

  @Test
  void shouldReplaceARottenBlock() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      load(worker, file);
      awaitProven(worker);
      worker.space.rot(file.blockId(1), 9);
      worker.pass(Scrubber.ROUND_NS, TimeUnit.NANOSECONDS);
      Eventually.until(() -> worker.events.piecesRotten.get() > 0, () -> "not found");
      Eventually.until(
          () -> worker.space.committedBlocks().size() == file.layout().blockCount(),
          () -> "not replaced");
      Eventually.until(() -> worker.engine.verification().mayShow(7), () -> "still hidden");
      worker.readAll(file);
      assertTrue(worker.engine.verification().generation(7) > 0);
    }
  }

  /** Once a minute, also if that is far less than might be read. */
  @Test
  void shouldReadAllOfALittleMemoryOnceInARound() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      load(worker, file);
      awaitProven(worker);
      // A piece may lie in two blocks.
      int most = 2 * file.layout().pieceCount();
      for (int round = 1; round <= 2; round++) {
        int before = worker.space.inspections.get();
        worker.pass(Scrubber.ROUND_NS, TimeUnit.NANOSECONDS);
        Eventually.until(() -> worker.space.inspections.get() > before, () -> "no round");
        TimeUnit.MILLISECONDS.sleep(700);
        int reads = worker.space.inspections.get() - before;
        assertTrue(reads <= most, () -> reads + " reads in one round, not " + most);
      }
    }
  }

  @Test
  void shouldProveWhatWasInMemoryBefore() throws Exception {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      for (int block = 0; block < file.layout().blockCount(); block++) {
        worker.space.addCommitted(file, block);
        worker.engine.found(file, block);
      }
      awaitProven(worker);
      ByteBuffer bytes = ByteBuffer.allocate(10);
      worker.engine.read(file, 0, bytes);
      assertEquals(List.of(), worker.source.startedOffsets());
    }
  }

  @Test
  void shouldKnowWhenThereIsNothingLeftToFindOut() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      Verification verification = worker.engine.verification();
      assertFalse(verification.isSettled(file.fileId()), "nobody has asked");
      load(worker, file);
      awaitProven(worker);
      Eventually.until(() -> verification.isSettled(file.fileId()), () -> "not settled");
      worker.pass(Verification.SETTLED_NS, TimeUnit.NANOSECONDS);
      assertFalse(verification.isSettled(file.fileId()), "the manifest may be another one");
    }
  }

  @Test
  void shouldHaveSomethingToFindOutWhileTheManifestCannotBeRead() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      manifests.down(true);
      load(worker, file);
      assertFalse(worker.engine.verification().isSettled(file.fileId()));
    }
    manifests.down(false);
  }
}
