// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.metrics.MetricsSystem;
import alluxio.metrics.sink.MetricsServlet;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();

  private WorkerMetrics read() throws IOException {
    return WorkerMetrics.parse("w:1", MetricsServlet.OBJECT_MAPPER.writeValueAsString(registry));
  }

  private static Map<String, Object> fetch(String path, long done) {
    return Map.of("path", path, "doneBytes", done, "totalBytes", 100L, "bytesPerSecond", 3L);
  }

  @Test
  void shouldReadWhatAWorkerServes() throws IOException {
    registry.counter("Worker.MowsBytesFromOrigin.10_0_0_1").inc(1L << 40);
    registry.counter("Worker.MowsBytesFromPeers").inc(7);
    registry.counter("Worker.MowsBytesFromPeersUnasked.10_0_0_1").inc(9);
    Gauge<List<Map<String, Object>>> fetches = () -> List.of(fetch("/m/a", 40), fetch("/n/b", 50));
    registry.register("Worker.MowsFetches.10_0_0_1", fetches);
    registry.register("Worker.MowsFetchesInFlight.10_0_0_1", (Gauge<Integer>) () -> 2);

    WorkerMetrics metrics = read();
    assertTrue(metrics.runsMows());
    assertTrue(metrics.failure().isEmpty());
    assertEquals(1L << 40, metrics.bytes(ByteSource.ORIGIN));
    assertEquals(7, metrics.bytes(ByteSource.PEERS));
    assertEquals(0, metrics.bytes(ByteSource.TO_PEERS));
    assertEquals(2, metrics.fetches().size());
    LiveFetch first = metrics.fetches().get(0);
    assertEquals("/m/a", first.path());
    assertEquals(40, first.doneBytes());
    assertEquals(100, first.totalBytes());
    assertEquals(3, first.bytesPerSecond());
    assertEquals(1, metrics.below(MowsConfs.paths("/n")).fetches().size());
  }

  @Test
  void shouldKnowAStockWorker() throws IOException {
    registry.counter("Worker.BytesReadUfs").inc();
    assertFalse(read().runsMows());
    assertTrue(read().failure().isEmpty());
  }

  @Test
  void shouldNameTheCountersThatAWorkerHas() {
    new MowsMetrics().served(ServedFrom.MEMORY, 1);
    for (ByteSource source : List.of(ByteSource.ORIGIN, ByteSource.MEMORY)) {
      assertTrue(
          MetricsSystem.METRIC_REGISTRY.getNames().stream()
              .anyMatch(name -> name.startsWith(WorkerMetrics.PREFIX + source.metric())),
          source.metric());
    }
  }

  @Test
  void shouldRefuseWhatIsNoMetrics() {
    assertThrows(IOException.class, () -> WorkerMetrics.parse("w:1", "<html>"));
    assertThrows(IOException.class, () -> WorkerMetrics.parse("w:1", "{}"));
    assertThrows(IOException.class, () -> WorkerMetrics.parse("w:1", ""));
  }
}
