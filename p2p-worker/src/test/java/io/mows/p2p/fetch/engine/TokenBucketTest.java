// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.table.TokenBucket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private final TokenBucket pace = new TokenBucket();

  @Test
  void shouldTakeAnythingWithoutALimit() {
    assertTrue(pace.take(Long.MAX_VALUE, 0));
    assertTrue(pace.take(Long.MAX_VALUE, 0));
  }

  @Test
  void shouldKeepTheRateHoweverLargeThePieces() {
    pace.setRate(1_000_000, 0);
    long taken = 0;
    for (long ms = 0; ms <= 10_000; ms += 20) {
      while (pace.take(400_000, ms * MS)) {
        taken += 400_000;
      }
    }
    assertEquals(10_000_000.0, (double) taken, 1_000_000.0);
  }

  @Test
  void shouldNotSaveUpMoreThanAMoment() {
    pace.setRate(1_000_000, 0);
    int taken = 0;
    while (pace.take(10_000, 3_600_000 * MS)) {
      taken += 10_000;
    }
    assertTrue(taken <= 220_000, "taken at once: " + taken);
    assertFalse(pace.take(1, 3_600_000 * MS));
  }
}
