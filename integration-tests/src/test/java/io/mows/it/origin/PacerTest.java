// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long RATE = 100_000_000;
  private static final int CHUNK = 200_000;
  private static final long SEED = 11;

  private final Pacer pacer = new Pacer(RATE, 0);

  @Test
  void shouldKeepTheRateAlthoughTheSenderWakesLate() {
    Random lateness = new Random(SEED);
    long now = 0;
    for (int i = 0; i < 5000; i++) {
      now = pacer.reserve(CHUNK, now) + lateness.nextInt(1_500_000);
    }
    double expectedNs = 5000.0 * CHUNK / RATE * 1e9;
    assertEquals(expectedNs, (double) now, Pacer.CREDIT_NS + 1.5e6, "seed " + SEED);
  }

  @Test
  void shouldNeverAllowABurstLongerThanTheCredit() {
    Random pauses = new Random(SEED);
    long[] endNs = new long[2000];
    long now = 0;
    for (int i = 0; i < endNs.length; i++) {
      long pause = pauses.nextInt(20) == 0 ? pauses.nextInt(100_000_000) : 0;
      now = Math.max(now + pause, pacer.reserve(CHUNK, now + pause));
      endNs[i] = now;
    }
    for (int first = 0; first < endNs.length; first++) {
      for (int last = first; last < endNs.length; last++) {
        double needed = (double) (last - first) * CHUNK / RATE * 1e9;
        assertTrue(
            endNs[last] - endNs[first] >= needed - Pacer.CREDIT_NS - 1,
            first + ".." + last + " came too fast, seed " + SEED);
      }
    }
  }

  @Test
  void shouldShareEquallyAmongWaitingSenders() {
    long[] nowNs = new long[3];
    int[] chunks = new int[3];
    for (int step = 0; step < 3000; step++) {
      int earliest = 0;
      for (int sender = 1; sender < 3; sender++) {
        earliest = nowNs[sender] < nowNs[earliest] ? sender : earliest;
      }
      nowNs[earliest] = pacer.reserve(CHUNK, nowNs[earliest]);
      chunks[earliest]++;
    }
    for (int count : chunks) {
      assertEquals(1000, count, 1);
    }
  }
}
