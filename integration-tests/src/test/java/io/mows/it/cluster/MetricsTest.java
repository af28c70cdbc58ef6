// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private static final String JSON =
      "{\"gauges\": {\"Worker.CapacityUsed\": {\"value\": 7}},"
          + " \"counters\": {\"Worker.BytesReadPerUfs.UFS:a\": {\"count\": 3},"
          + " \"Worker.BytesReadPerUfs.UFS:b\": {\"count\": 4},"
          + " \"Worker.BytesReadPerUfsOther\": {\"count\": 100}},"
          + " \"meters\": {\"Worker.Throughput\": {\"count\": 5, \"m1_rate\": 1.0}},"
          + " \"timers\": {}}";

  @Test
  void shouldReadGaugesCountersAndMetersAndAddUpTags() throws IOException {
    Metrics metrics = Metrics.parse(JSON);
    assertEquals(7, metrics.value("Worker.CapacityUsed"));
    assertEquals(7, metrics.value("Worker.BytesReadPerUfs"));
    assertEquals(3, metrics.value("Worker.BytesReadPerUfs.UFS:a"));
    assertEquals(5, metrics.value("Worker.Throughput"));
  }

  @Test
  void shouldReadMetricThatWasNeverTouchedAsZero() throws IOException {
    assertEquals(0, Metrics.parse(JSON).value("Worker.NoSuchMetric"));
  }
}
