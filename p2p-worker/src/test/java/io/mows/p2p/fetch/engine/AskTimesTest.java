// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.table.AskTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AskTimesTest {
  private static final long START_NS = Long.MAX_VALUE - 100;

  private long nowNs = START_NS;
  private final AskTimes times = new AskTimes(nowNs);

  /** Asks {@code count} times as soon as it is due; returns the pauses, in ms. */
  private List<Long> pausesMs(int count, boolean allConnected) {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      assertTrue(times.isDue(nowNs));
      times.asked(nowNs, allConnected);
      assertFalse(times.isDue(nowNs));
      pauses.add(TimeUnit.NANOSECONDS.toMillis(times.nextNs() - nowNs));
      nowNs = times.nextNs();
    }
    return pauses;
  }

  @Test
  void shouldAskOftenAtFirstAndThenOnceASecond() {
    assertEquals(List.of(40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L), pausesMs(7, false));
  }

  @Test
  void shouldAskSeldomWhileConnectedToAllWhoTakePart() {
    assertEquals(List.of(640L, 1_280L, 2_560L, 5_000L, 5_000L), pausesMs(9, true).subList(4, 9));
    assertEquals(List.of(1_000L, 1_000L), pausesMs(2, false), "until somebody new is named");
  }

  @Test
  void shouldJoinAnotherQuestionInTheSecondHalfOfItsPause() {
    pausesMs(6, false);
    times.asked(nowNs, false);
    assertFalse(times.isDueSoon(nowNs + TimeUnit.MILLISECONDS.toNanos(499)));
    assertTrue(times.isDueSoon(nowNs + TimeUnit.MILLISECONDS.toNanos(501)));
  }
}
