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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
