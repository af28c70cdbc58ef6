// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.metrics.MetricsSystem;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MowsMetricsTest {
  private final MowsMetrics metrics = new MowsMetrics();

  private static void assertAdds(String name, long count, Runnable event) {
    long before = count(name);
    event.run();
    assertEquals(before + count, count(name), name);
  }

  private static long count(String name) {
    return MetricsSystem.counter("Worker.Mows" + name).getCount();
  }

  @ParameterizedTest
  @CsvSource({
    "MEMORY,BytesServedMemory",
    "IN_FLIGHT,BytesServedInFlight",
    "UNCACHED,BytesServedUncached"
  })
  void shouldCountBytesByWhereTheyCameFrom(ServedFrom from, String name) {
    assertAdds(name, 123, () -> metrics.served(from, 123));
  }

  @Test
  void shouldCountPiecesAndTheirBytes() {
    FileSpec file = FakeProgress.of(1, "/m/a", 277, 0).file();
    assertAdds("BytesFromPeers", 100, () -> metrics.pieceArrived(file, 0, Source.PEER));
    assertAdds("BytesFromWarmup", 100, () -> metrics.pieceArrived(file, 1, Source.WARMUP));
    assertAdds("PeerDownloadsFailed", 1, () -> metrics.downloadFailed(file, new IOException("x")));
    assertAdds("BytesFromOrigin", 77, () -> metrics.pieceArrived(file, 2, Source.ORIGIN));
    assertAdds("PiecesArrived", 1, () -> metrics.pieceArrived(file, 2, Source.ORIGIN));
    assertAdds("PiecesRetried", 1, () -> metrics.pieceFailed(file, 0, new IOException("x"), false));
    assertAdds("PiecesFailed", 1, () -> metrics.pieceFailed(file, 0, new IOException("x"), true));
    TransferException stop = new TransferException(Remedy.STOP, "x");
    assertAdds("PiecesFailed", 1, () -> metrics.pieceFailed(file, 0, stop, true));
  }

  @Test
  void shouldCountWhatOriginsDoNotGive() {
    FetchProgress fetch = FakeProgress.waiting(1, "/m/a", OriginFault.DENIED, 5);
    OriginException denied = new OriginException(OriginFault.DENIED, "403", null);
    OriginException away = new OriginException(OriginFault.AWAY, "503", null);
    assertAdds("OriginRequestsDenied", 1, () -> metrics.originRefused(fetch.file(), denied));
    assertAdds("OriginRequestsAway", 1, () -> metrics.originRefused(fetch.file(), away));
    assertAdds("PiecesFailed", 1, () -> metrics.originGivenUp(fetch.originWait().orElseThrow(), 0));
  }

  @Test
  void shouldCountWhatBecomesOfBlocks() {
    assertAdds("BlocksCommitted", 1, metrics::blockCommitted);
    FileSpec file = FakeProgress.of(1, "/m/a", 277, 0).file();
    IOException why = new IOException("x");
    assertAdds("BlocksRefused", 1, () -> metrics.blockRefused(file, 0, why));
    assertAdds("BlocksAborted", 1, metrics::blockAborted);
    assertAdds("SourcesChanged", 1, metrics::sourceChanged);
  }

  @ParameterizedTest
  @EnumSource(Fallback.class)
  void shouldCountFallbacksByReason(Fallback reason) {
    assertAdds(
        "Fallbacks" + reason.metricName(),
        1,
        () -> metrics.fellBack(reason, "a test", new IOException("x")));
  }

  @Test
  void shouldMeasureHowLongReadersWait() {
    long before = MetricsSystem.timer("Worker.MowsReaderWait").getCount();
    metrics.readerWaited(TimeUnit.MILLISECONDS.toNanos(5));
    assertEquals(before + 1, MetricsSystem.timer("Worker.MowsReaderWait").getCount());
  }
}
