// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.metrics.MetricsSystem;
import alluxio.metrics.sink.MetricsServlet;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.swarm.origin.OriginFault;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.dropwizard.DropwizardExports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FetchGaugeTest {
  private final List<FetchProgress> fetches = new ArrayList<>();
  private long nowNs = 5;
  private final FetchGauge gauge = new FetchGauge(() -> fetches, () -> nowNs);

  private void at(int ms, FetchProgress... now) {
    nowNs = 5 + TimeUnit.MILLISECONDS.toNanos(ms);
    fetches.clear();
    fetches.addAll(List.of(now));
  }

  private static FetchProgress file(int readablePieces) {
    return FakeProgress.of(1, "/m/a", 1_000, readablePieces);
  }

  private long rate() {
    return (long) gauge.getValue().get(0).get("bytesPerSecond");
  }

  @Test
  void shouldShowHowFarEachFetchIs() {
    at(0, FakeProgress.of(2, "/m/b", 250, 1), file(3));
    assertEquals(
        List.of(
            Map.of("path", "/m/a", "doneBytes", 300L, "totalBytes", 1_000L, "bytesPerSecond", 0L),
            Map.of("path", "/m/b", "doneBytes", 100L, "totalBytes", 250L, "bytesPerSecond", 0L)),
        gauge.getValue());
  }

  @Test
  void shouldSayWhatWaitsForItsOrigin() {
    at(0, FakeProgress.waiting(1, "/m/a", OriginFault.AWAY, 61_000));
    assertEquals(
        "the origin is away since 1 min 1 s: so it says", gauge.getValue().get(0).get("waits"));
  }

  @Test
  void shouldLeaveOutWhatIsComplete() {
    at(0, file(10), FakeProgress.of(2, "/m/b", 250, 3), FakeProgress.of(3, "/m/empty", 0, 0));
    assertEquals(List.of(), gauge.getValue());
  }

  @Test
  void shouldTellTheRateSinceTheLastReading() {
    at(0, file(0));
    assertEquals(0, rate());
    at(2_000, file(4));
    assertEquals(200, rate());
    at(3_000, file(4));
    assertEquals(0, rate());
  }

  @Test
  void shouldTellTwoReadersTheSame() {
    at(0, file(0));
    assertEquals(0, rate());
    at(1_000, file(4));
    assertEquals(400, rate());
    at(1_100, file(5));
    assertEquals(400, rate());
    at(2_000, file(8));
    assertEquals(400, rate());
  }

  @Test
  void shouldNotCountBackwardsWhenBlocksAreEvicted() {
    at(0, file(4));
    assertEquals(0, rate());
    at(1_000, file(2));
    assertEquals(0, rate());
  }

  @Test
  void shouldForgetFetchesThatEnded() {
    at(0, file(0));
    gauge.getValue();
    at(1_000);
    assertEquals(List.of(), gauge.getValue());
    at(2_000, file(4));
    assertEquals(0, rate(), "a new fetch");
  }

  @Test
  void shouldBeOnTheJsonEndpoint() throws IOException {
    at(0, file(3));
    JsonNode value =
        MetricsServlet.OBJECT_MAPPER
            .readTree(MetricsServlet.OBJECT_MAPPER.writeValueAsString(registry()))
            .at("/gauges/Worker.MowsFetches/value");
    assertEquals(
        "[{\"path\":\"/m/a\",\"doneBytes\":300,\"totalBytes\":1000,\"bytesPerSecond\":0}]",
        value.toString());
  }

  @Test
  void shouldNotBreakThePrometheusEndpoint() {
    at(0, file(3));
    MetricRegistry registry = registry();
    registry.counter("Worker.MowsOther").inc();
    List<MetricFamilySamples> samples = new DropwizardExports(registry).collect();
    assertEquals(1, samples.size(), samples::toString);
    assertEquals("Worker_MowsOther", samples.get(0).name);
  }

  @Test
  void shouldNotBreakWhatWorkersReportToTheMaster() {
    String name = MetricsSystem.getMetricName(FetchGauge.NAME);
    FetchGauge.register(() -> List.of(file(3)));
    try {
      assertTrue(MetricsSystem.METRIC_REGISTRY.getNames().contains(name), name);
      assertTrue(
          MetricsSystem.reportWorkerMetrics().stream()
              .noneMatch(metric -> metric.getName().contains("Mows")));
      assertTrue(MetricsSystem.allMetrics().containsKey(name));
    } finally {
      MetricsSystem.METRIC_REGISTRY.remove(name);
    }
  }

  private MetricRegistry registry() {
    MetricRegistry registry = new MetricRegistry();
    registry.register(FetchGauge.NAME, gauge);
    return registry;
  }
}
