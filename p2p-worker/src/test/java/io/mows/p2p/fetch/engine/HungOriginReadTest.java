// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.LyingPeer.Lie;
import io.mows.p2p.locator.PeerRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose reads of the origin hang, and a peer that has everything. */
final class HungOriginReadTest {
  private static final int LENGTH_BYTES = 8 * PIECE_BYTES - 100;
  private static final int BLOCK_BYTES = 3_000;

  @TempDir Path directory;

  private static Optional<Lie> right(FileSpec file, int piece) {
    return Optional.of(
        Lie.consistent(
            new Content(file.fileId(), 1)
                .bytes(file.layout().pieceOffset(piece), file.layout().pieceLength(piece))));
  }

  private static String waitsFor(TestWorker worker, FileSpec file) {
    worker.sweep();
    return new FileStatuses(worker.engine, worker.events.arrived).of(file).waitsFor().orElse("");
  }

  /** Before, nothing was said until the socket had given up, 10 s later. */
  @Test
  void shouldSayWithinSecondsThatReadersWaitForAnOriginThatSendsNothing() {
    try (TestWorker worker = new TestWorker(directory, TestWorker.settings(1, 16, 600_000))) {
      worker.source.hold();
      FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
      FileSpec other = worker.file(8, LENGTH_BYTES, BLOCK_BYTES);
      CompletableFuture<Void> read = worker.reading(file, 0, LENGTH_BYTES);
      worker.awaitWaiting(file, 0);
      worker.source.awaitHeldReads(1);
      // There are no more reads: nothing of this one is asked for.
      CompletableFuture<Void> second = worker.reading(other, PIECE_BYTES, 10);
      worker.awaitWaiting(other, 1);
      worker.pass(2, TimeUnit.SECONDS);
      String said = waitsFor(worker, file);
      assertTrue(said.contains("sends nothing since") && said.contains("1 request waits"), said);
      assertTrue(waitsFor(worker, other).contains("sends nothing since"));
      assertTrue(worker.events.originsSilent.get() > 1, worker.events::toString);
      assertTrue(worker.engine.progress().get(0).originWait().isPresent());

      // It is slow, and not away.
      Eventually.until(
          () -> {
            worker.source.begin(0);
            return waitsFor(worker, file).isEmpty() && waitsFor(worker, other).isEmpty();
          },
          () -> "it waits for " + waitsFor(worker, file));
      worker.source.release();
      TestWorker.await(read);
      TestWorker.await(second);
    }
  }

  @Test
  void shouldNotSayThatReadersWaitWhereNoneDoes() {
    try (TestWorker worker = new TestWorker(directory, TestWorker.settings(2, 16, 600_000))) {
      worker.source.hold();
      FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
      worker.engine.readAhead(List.of(file), LENGTH_BYTES);
      worker.source.awaitHeldReads(1);
      worker.pass(10, TimeUnit.SECONDS);
      assertTrue(waitsFor(worker, file).contains("sends nothing since 1"));
      assertEquals(0, worker.events.originsSilent.get());
      worker.source.release();
    }
  }

  /** Before, its pieces could not come from anywhere until the read had ended. */
  @Test
  void shouldHaveFromAPeerWhatTheOriginDoesNotSend() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory);
        LyingPeer honest = swarm.joinLying(HungOriginReadTest::right)) {
      TestWorker reader =
          swarm.join("default", PeerRole.INSTANCE, TestWorker.settings(8, 16, 600_000));
      reader.source.hold();
      FileSpec file = reader.file(7, LENGTH_BYTES, BLOCK_BYTES);
      CompletableFuture<Void> read = reader.reading(file, 0, LENGTH_BYTES);
      Eventually.until(
          () -> !reader.source.heldOffsets().isEmpty(), () -> "nothing is read from the origin");
      honest.claim(file);
      TestWorker.await(read);
      assertEquals(0, reader.events.bytesFrom(Source.ORIGIN));
      assertTrue(reader.events.bytesFrom(Source.PEER) > 0);
      // What comes late is not written anywhere.
      reader.source.release();
      reader.readAll(file);
    }
  }
}
