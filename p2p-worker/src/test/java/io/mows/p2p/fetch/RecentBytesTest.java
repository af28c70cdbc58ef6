// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecentBytesTest {
  private static final long START_NS = -TimeUnit.SECONDS.toNanos(1_000);

  private final RecentBytes recent = new RecentBytes();

  private static long at(double seconds) {
    return START_NS + (long) (seconds * 1e9);
  }

  private double bytesPerSecond(double seconds) {
    return recent.bytes(at(seconds)) * 1e9 / recent.spanNs(at(seconds));
  }

  @Test
  void shouldKnowOfNothing() {
    assertEquals(0, recent.bytes(at(0)));
  }

  @Test
  void shouldTellASteadyRateSoonAndForLong() {
    for (double s = 0; s < 60; s += 0.01) {
      recent.add(at(s), 1_000);
      if (s > 1) {
        assertEquals(100_000, bytesPerSecond(s), 20_000, "after " + s + " s");
      }
    }
  }

  @Test
  void shouldFollowARateThatFalls() {
    for (double s = 0; s < 20; s += 0.1) {
      recent.add(at(s), 100_000);
    }
    for (double s = 20; s < 26; s += 0.1) {
      recent.add(at(s), 1_000);
    }
    assertEquals(10_000, bytesPerSecond(26), 1_000);
  }

  @Test
  void shouldForgetWhatCameLongAgoAndBeginAnew() {
    recent.add(at(0), 1_000_000);
    assertEquals(1_000_000, recent.bytes(at(4)));
    assertEquals(0, recent.bytes(at(5.5)));
    recent.add(at(500), 10);
    assertEquals(10, recent.bytes(at(501)));
    assertEquals(TimeUnit.SECONDS.toNanos(1), recent.spanNs(at(501)));
  }

  @Test
  void shouldNeverDivideByNothing() {
    recent.add(at(0), 5);
    assertTrue(recent.spanNs(at(0)) > 0);
  }
}
