// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final Backoff BACKOFF = new Backoff(1_000, 6_000, 5);

  @Test
  void shouldDoubleThePauseUpToTheLongestGiveOrTakeAQuarter() {
    long[] full = {1_000, 2_000, 4_000, 6_000, 6_000};
    for (int salt = -1_000; salt < 1_000; salt++) {
      for (int attempts = 1; attempts <= full.length; attempts++) {
        long pause = BACKOFF.pauseNs(attempts, salt);
        long expected = full[attempts - 1];
        assertTrue(
            pause >= expected * 3 / 4 && pause <= expected * 5 / 4,
            "pause " + pause + " after " + attempts + " failures of " + salt);
      }
    }
  }

  @Test
  void shouldStayWithinItsBoundsHoweverOftenItFails() {
    for (int attempts = 1; attempts < 100; attempts++) {
      long pause = Backoff.DEFAULT.pauseNs(attempts, 7);
      assertTrue(pause > 0 && pause <= TimeUnit.MILLISECONDS.toNanos(2_500), "pause " + pause);
    }
  }

  @Test
  void shouldSpreadPiecesThatFailedTogether() {
    Set<Long> pauses = new HashSet<>();
    for (int piece = 0; piece < 64; piece++) {
      pauses.add(BACKOFF.pauseNs(3, piece));
      assertEquals(BACKOFF.pauseNs(3, piece), BACKOFF.pauseNs(3, piece), "the same every time");
    }
    assertTrue(pauses.size() > 32, pauses.size() + " different pauses for 64 pieces");
  }

  @Test
  void shouldGiveUpAfterTheLastAttempt() {
    assertFalse(BACKOFF.givesUpAfter(4));
    assertTrue(BACKOFF.givesUpAfter(5));
    assertTrue(BACKOFF.givesUpAfter(6));
  }
}
