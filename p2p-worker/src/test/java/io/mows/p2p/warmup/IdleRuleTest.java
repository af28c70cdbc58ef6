// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.LaneLoads.Activity;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class IdleRuleTest {
  private static final long LINK = 200_000_000;
  private final IdleRule rule = new IdleRule();

  private static long seconds(double s) {
    return (long) (s * TimeUnit.SECONDS.toNanos(1));
  }

  private static Activity quiet(long sentBytes) {
    return new Activity(false, 0, false, sentBytes);
  }

  @Test
  void shouldBeIdleWhenNobodyReadsAndNothingIsSent() {
    assertFalse(rule.judge(quiet(0), false, LINK, seconds(1)).isIdle(), "nothing is known yet");
    assertTrue(rule.judge(quiet(0), false, LINK, seconds(2)).isIdle());
    assertEquals(LINK / 2, rule.judge(quiet(0), false, LINK, seconds(3)).bytesPerSecond());
  }

  @Test
  void shouldNotTakeALinkForSlowThatHasOnlyCarriedLittle() {
    for (long seen : new long[] {0, 1, 10_000}) {
      long rate = rule.judge(quiet(0), false, seen, seconds(1)).bytesPerSecond();
      assertEquals(IdleRule.MIN_LINK_BYTES_PER_SECOND / 2, rate, "after " + seen + " bytes/s");
    }
  }

  @Test
  void shouldNotBeIdleSoonAfterAReader() {
    rule.judge(quiet(0), false, LINK, seconds(1));
    Activity read = new Activity(true, seconds(9), false, 0);
    assertFalse(rule.judge(read, false, LINK, seconds(10)).isIdle());
    assertFalse(rule.judge(read, false, LINK, seconds(11.9)).isIdle());
    assertTrue(rule.judge(read, false, LINK, seconds(12.1)).isIdle());
  }

  @Test
  void shouldNotBeIdleWhilePeersAreServedOrOthersFetch() {
    rule.judge(quiet(0), false, LINK, seconds(1));
    assertFalse(rule.judge(quiet(LINK / 5), false, LINK, seconds(2)).isIdle(), "peers are served");
    assertTrue(rule.judge(quiet(LINK / 5 + LINK / 20), false, LINK, seconds(3)).isIdle());
    Activity fetching = new Activity(false, 0, true, LINK / 4);
    assertFalse(rule.judge(fetching, false, LINK, seconds(4)).isIdle(), "something is loaded");
    assertFalse(rule.judge(quiet(LINK / 4), true, LINK, seconds(5)).isIdle(), "warm-up");
  }

  @Test
  void shouldLeaveAPartOfMemoryFree() {
    assertTrue(rule.hasRoom(500, 1_000, 100));
    assertTrue(rule.hasRoom(300, 1_000, 100));
    assertFalse(rule.hasRoom(299, 1_000, 100));
    assertFalse(rule.hasRoom(0, 0, 100));
  }
}
