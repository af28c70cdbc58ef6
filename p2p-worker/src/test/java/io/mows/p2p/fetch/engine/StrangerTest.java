// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.engine.LyingPeer.Lie;
import io.mows.p2p.locator.PeerRole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody who merely reaches the ports, is in the locator, and offers forged pieces with the CRC32
 * of the right ones: no manifest finds them.
 */
final class StrangerTest {
  private static final int LENGTH_BYTES = 16 * PIECE_BYTES - 77;
  private static final int BLOCK_BYTES = 4_500;
  private static final ClusterTrust CLUSTER =
      ClusterTrust.of(
          new byte[ClusterTrust.ID_BYTES],
          List.of("what the workers know".getBytes(StandardCharsets.US_ASCII)));

  @TempDir Path directory;
  private final FakeManifests manifests = new FakeManifests();

  /** The right bytes plus a multiple of the CRC32's polynomial. */
  private static Optional<Lie> forge(FileSpec file, int piece) {
    ByteBuffer right =
        new Content(file.fileId(), 1)
            .bytes(file.layout().pieceOffset(piece), file.layout().pieceLength(piece));
    int crc = Lie.crc(right);
    long polynomial = 0x104C11DB7L;
    for (int bit = 0; bit <= 32; bit++) {
      if (((polynomial >>> (32 - bit)) & 1) != 0) {
        int at = 10 + bit / 8;
        right.put(at, (byte) (right.get(at) ^ (1 << (bit % 8))));
      }
    }
    assertEquals(crc, Lie.crc(right), "it is not forged well");
    return Optional.of(new Lie(right, crc));
  }

  private FetchSettings settings(VerifyMode mode) {
    return TestWorker.settings().verifying(mode, manifests);
  }

  @ParameterizedTest
  @EnumSource(VerifyMode.class)
  void shouldNotGetOneByteFromAStranger(VerifyMode mode) throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory).trusting(CLUSTER);
        LyingPeer stranger = swarm.joinLying(StrangerTest::forge)) {
      TestWorker first = swarm.join("default", PeerRole.INSTANCE, settings(mode));
      TestWorker second = swarm.join("default", PeerRole.INSTANCE, settings(mode));
      FileSpec file = first.file(7, LENGTH_BYTES, BLOCK_BYTES);
      stranger.claim(file);
      first.readAll(file);
      assertEquals(0, first.events.bytesFrom(Source.PEER), "from the stranger");
      second.readAll(second.file(7, LENGTH_BYTES, BLOCK_BYTES));
    }
  }

  /** Without proofs the same attack works, or the tests above would show nothing. */
  @Test
  void shouldBelieveAStrangerOnlyIfInsecure() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory);
        LyingPeer stranger = swarm.joinLying(StrangerTest::forge)) {
      TestWorker worker = swarm.join("default", PeerRole.INSTANCE, settings(VerifyMode.PIECE));
      worker.space.allowWrongBytes();
      FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
      worker.source.hold();
      stranger.claim(file);
      ByteBuffer bytes = ByteBuffer.allocate(PIECE_BYTES);
      worker.engine.read(file, 0, bytes);
      worker.source.release();
      assertNotEquals(new Content(7, 1).bytes(0, PIECE_BYTES), bytes.flip());
    }
  }
}
