// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class UploadRateTest {
  private static final long MS = 1_000_000;

  @Test
  void shouldNotLimitWithoutALimit() {
    UploadRate rate = new UploadRate(0);
    assertEquals(0, rate.reserve(1 << 30, 0));
    assertEquals(0, rate.reserve(1 << 30, 0));
  }

  @Test
  void shouldSpreadBytesOverTimeAfterAShortBurst() {
    UploadRate rate = new UploadRate(1_000_000);
    long nowNs = -5_000 * MS;
    assertEquals(0, rate.reserve(100_000, nowNs));
    assertEquals(50 * MS, rate.reserve(100_000, nowNs));
    assertEquals(150 * MS, rate.reserve(100_000, nowNs));
    // A second of silence earns a burst of 50 ms, not of a second.
    nowNs += 1_250 * MS;
    assertEquals(0, rate.reserve(100_000, nowNs));
    assertEquals(50 * MS, rate.reserve(100_000, nowNs));
  }
}
