// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long RATE = 100_000_000;
  private static final int CHUNK = 200_000;
  private static final long CHUNK_NS = 2_000_000;
  private static final long SEED = 11;

  private final Pacer pacer = new Pacer(RATE);

  @Test
  void shouldKeepTheRateAlthoughTheSenderWakesLate() {
    Random lateness = new Random(SEED);
    long now = 0;
    for (int i = 0; i < 5000; i++) {
      // Usually a little late; now and then as late as on a machine with better things to do.
      int lateNs = lateness.nextInt(100) == 0 ? 30_000_000 : 1_500_000;
      now = pacer.reserve(CHUNK, now) + lateness.nextInt(lateNs);
    }
    assertEquals(5000.0 * CHUNK_NS, (double) now, 0.01 * 5000 * CHUNK_NS, "seed " + SEED);
  }

  @Test
  void shouldNotMakeUpForTimeWithoutDemand() {
    for (int request = 0; request < 10; request++) {
      long startNs = request * 1_000_000_000L;
      long now = startNs;
      for (int i = 0; i < 200; i++) {
        now = Math.max(now, pacer.reserve(CHUNK, now));
      }
      assertTrue(now - startNs >= 200 * CHUNK_NS - Pacer.CREDIT_NS, "request " + request);
    }
  }

  @Test
  void shouldNotMakeUpForALackOfDemandThatIsSpreadOut() {
    long now = 0;
    for (int i = 0; i < 1000; i++) {
      now = Math.max(now, pacer.reserve(CHUNK / 2, now)) + CHUNK_NS / 2;
    }
    long startNs = now;
    for (int i = 0; i < 1000; i++) {
      now = Math.max(now, pacer.reserve(CHUNK, now));
    }
    assertTrue(now - startNs >= 1000 * CHUNK_NS - Pacer.CREDIT_NS, now - startNs + " ns");
  }

  @Test
  void shouldBoundWhatMayBeSentInAnyInterval() {
    Random pauses = new Random(SEED);
    long[] endNs = new long[2000];
    long now = 0;
    for (int i = 0; i < endNs.length; i++) {
      long pause = pauses.nextInt(20) == 0 ? pauses.nextInt(150_000_000) : 0;
      now = Math.max(now + pause, pacer.reserve(CHUNK, now + pause));
      endNs[i] = now;
    }
    for (int first = 0; first < endNs.length; first++) {
      for (int last = first; last < endNs.length; last++) {
        long lineNs = (last - first) * CHUNK_NS;
        long tookNs = endNs[last] - endNs[first];
        String context = first + ".." + last + " came too fast, seed " + SEED;
        assertTrue(lineNs <= 1.25 * (tookNs + Pacer.CREDIT_NS) + 10, context);
        assertTrue(lineNs <= tookNs + Pacer.CREDIT_NS + Pacer.MAX_OWED_NS + 10, context);
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
