// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

final class WholeSoonTest {
  private static final long LIMIT_MS = 10_000;
  private static final long STEP_MS = 10;
  private static final long MB = 1_000_000;

  /**
   * @param bytesAt what is here after so many milliseconds
   * @return how long it was worth waiting, or would still be when all was here
   */
  private static long waitedMs(long lengthBytes, LongUnaryOperator bytesAt) {
    // A clock that overflows on the way.
    long startNs = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(700);
    WholeSoon rule =
        new WholeSoon(
            TimeUnit.MILLISECONDS.toNanos(LIMIT_MS), lengthBytes, bytesAt.applyAsLong(0), startNs);
    for (long ms = 0; ; ms += STEP_MS) {
      long bytes = Math.min(lengthBytes, bytesAt.applyAsLong(ms));
      if (bytes == lengthBytes
          || !rule.isWorthIt(bytes, startNs + TimeUnit.MILLISECONDS.toNanos(ms))) {
        return ms;
      }
    }
  }

  @Test
  void shouldWaitForWhatComesFastEnough() {
    assertEquals(5_000, waitedMs(5_000 * MB, ms -> ms * MB));
    assertEquals(9_000, waitedMs(9_000 * MB, ms -> ms * MB));
  }

  @Test
  void shouldStopWhenTheRateIsKnownToBeTooLow() {
    assertEquals(2_010, waitedMs(11_000 * MB, ms -> ms * MB));
    assertEquals(2_010, waitedMs(100_000 * MB, ms -> ms * MB));
  }

  @Test
  void shouldNotCountTheTimeToTheFirstByteAsSlow() {
    assertEquals(7_000, waitedMs(5_000 * MB, ms -> ms < 2_000 ? 0 : (ms - 2_000) * MB));
  }

  @Test
  void shouldWaitForTheFirstByteAsAReaderWould() {
    assertEquals(LIMIT_MS, waitedMs(MB, ms -> 0));
  }

  @Test
  void shouldNotWaitForWhatDoesNotGoOn() {
    assertEquals(2_000, waitedMs(10 * MB, ms -> 5 * MB), "a reader could read these");
    long waited = waitedMs(4_000 * MB, ms -> Math.min(ms, 1_500) * MB);
    assertEquals(2_500.0, (double) waited, 1_000.0, "nothing comes after 1.5 s");
  }

  @Test
  void shouldStopWhenItBecomesTooSlow() {
    long waited = waitedMs(4_000 * MB, ms -> Math.min(ms, 2_000) * MB + Math.max(0, ms - 2_000));
    assertEquals(4_000.0, (double) waited, 1_000.0);
  }

  @Test
  void shouldBearBursts() {
    // Four pieces of 16 MB at once, at 200 MB/s.
    assertEquals(5_120, waitedMs(16 * 64 * MB, ms -> ms / 320 * 64 * MB));
  }
}
