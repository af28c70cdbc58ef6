// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.swarm.origin.OriginFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStatusesTest {
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

  private static FileStatus status(TestWorker worker, FileSpec file) {
    return new FileStatuses(worker.engine, worker.events.arrived).of(file);
  }

  private static void awaitWhole(TestWorker worker, FileSpec file) {
    Eventually.until(() -> status(worker, file).isWhole(), () -> "not whole");
  }

  @Test
  void shouldTellOfAFileThatNobodyHasAskedForAndFetchNothing() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileStatus status = status(worker, file(worker));
      assertEquals(LENGTH_BYTES, status.lengthBytes());
      assertEquals(0, status.heldBytes());
      assertFalse(status.isWhole());
      assertFalse(status.isArriving());
      assertEquals(Proof.NONE, status.proof());
      assertEquals(0, status.originBytes());
      assertEquals(0, status.recentBytes());
      assertEquals(Optional.empty(), status.waitsFor());
      worker.settle();
      assertEquals(List.of(), worker.engine.progress());
      assertEquals(0, manifests.questions());
    }
  }

  @Test
  void shouldTellOfAFileThatArrives() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      worker.source.hold();
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      worker.source.releaseOne(0);
      Eventually.until(
          () -> status(worker, file).heldBytes() == PIECE_BYTES,
          () -> "held " + status(worker, file).heldBytes());
      FileStatus status = status(worker, file);
      assertTrue(status.isArriving());
      assertFalse(status.isWhole());
      assertEquals(PIECE_BYTES, status.originBytes());
      assertEquals(PIECE_BYTES, status.recentBytes());
      assertTrue(status.recentNs() > 0);
      Eventually.until(
          () -> status(worker, file).proof() == Proof.UNPROVEN, () -> "the manifest names it");
      worker.source.release();
      awaitWhole(worker, file);
    }
  }

  @Test
  void shouldTellOfAFileThatIsWholeAndProvenUntilItIsEvicted() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      worker.readAll(file);
      awaitWhole(worker, file);
      FileStatus status = status(worker, file);
      assertEquals(LENGTH_BYTES, status.heldBytes());
      assertFalse(status.isArriving());
      assertEquals(Proof.PROVEN, status.proof());
      assertEquals(LENGTH_BYTES, status.originBytes());
      assertEquals(0, status.peerBytes());
      Eventually.until(() -> worker.space.evict(file.blockId(1)), () -> "not evicted");
      worker.settle();
      assertFalse(status(worker, file).isWhole());
      assertEquals(Proof.UNPROVEN, status(worker, file).proof());
      assertTrue(status(worker, file).heldBytes() < LENGTH_BYTES);
    }
  }

  @Test
  void shouldSayThatNoManifestNamesAFile() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      manifests.say(file, Expectation.noManifest());
      worker.readAll(file);
      awaitWhole(worker, file);
      assertEquals(Proof.NONE, status(worker, file).proof());
    }
  }

  @Test
  void shouldTellOfAFileThatIsWrong() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      worker.space.allowWrongBytes();
      FileSpec file = file(worker);
      manifests.say(file, Expectation.crc32(0x1234, FakeManifests.PATH));
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      Eventually.until(
          () -> status(worker, file).proof() == Proof.WRONG,
          () -> "it is " + status(worker, file).proof());
    }
  }

  @Test
  void shouldTellWhatAFileWaitsFor() {
    try (TestWorker worker = worker(VerifyMode.OFF)) {
      FileSpec file = file(worker);
      worker.source.failReads(
          (any, offset) -> new OriginException(OriginFault.AWAY, "connection refused", null));
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      Eventually.until(
          () -> status(worker, file).waitsFor().orElse("").contains("connection refused"),
          () -> "it waits for " + status(worker, file).waitsFor());
    }
  }

  /** Whatever the engine's thread does, who asks is answered. */
  @Test
  void shouldAnswerWhileTheEngineIsBusy() {
    try (TestWorker worker = worker(VerifyMode.PIECE)) {
      FileSpec file = file(worker);
      worker.readAll(file);
      CountDownLatch busy = new CountDownLatch(1);
      worker.engine.post(
          in -> {
            try {
              busy.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      for (int i = 0; i < 10_000; i++) {
        assertEquals(LENGTH_BYTES, status(worker, file).lengthBytes());
      }
      busy.countDown();
    }
  }
}
