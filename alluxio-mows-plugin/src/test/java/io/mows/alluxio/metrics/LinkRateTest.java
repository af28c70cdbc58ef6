// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LinkRateTest {
  private final LinkRate rate = new LinkRate();
  private long nowNs = 17;

  private void arrive(int count, long bytes, long everyMs) {
    for (int i = 0; i < count; i++) {
      rate.arrived(bytes, nowNs);
      nowNs += TimeUnit.MILLISECONDS.toNanos(everyMs);
    }
  }

  private double megabytesPerSecond() {
    return rate.peakBytesPerNs() * 1e3;
  }

  @Test
  void shouldKnowNothingAtFirst() {
    assertEquals(0, rate.peakBytesPerNs());
    rate.arrived(1_000, nowNs);
    assertEquals(0, rate.peakBytesPerNs());
  }

  @Test
  void shouldRememberTheFastest() {
    arrive(20, 1_000_000, 100);
    assertEquals(10, megabytesPerSecond(), 2.1);
    arrive(20, 1_000_000, 1_000);
    assertEquals(10, megabytesPerSecond(), 2.1);
  }

  @Test
  void shouldForgetASpeedThatIsNotReachedAnyMore() {
    arrive(20, 1_000_000, 100);
    nowNs += TimeUnit.HOURS.toNanos(1);
    arrive(20, 1_000_000, 1_000);
    assertTrue(megabytesPerSecond() < 2, () -> "still " + megabytesPerSecond());
  }
}
