// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StrangersTest {
  private final Counters counters = new Counters();
  private long nowNs;
  private final Strangers strangers = new Strangers(counters, () -> nowNs);

  @Test
  void shouldAdmitSoManyFromOneAddress() {
    Strangers.Visit first = strangers.admit("a").orElseThrow();
    for (int i = 1; i < Strangers.MAX_PER_ADDRESS; i++) {
      assertTrue(strangers.admit("a").isPresent());
    }
    assertTrue(strangers.admit("a").isEmpty());
    assertTrue(strangers.admit("b").isPresent(), "others are not kept out");
    first.end();
    first.end();
    assertTrue(strangers.admit("a").isPresent());
    assertTrue(strangers.admit("a").isEmpty(), "it went once");
  }

  @Test
  void shouldAdmitSoManyInAll() {
    Strangers.Visit first = strangers.admit("first").orElseThrow();
    for (int i = 1; i < Strangers.MAX; i++) {
      assertTrue(strangers.admit("a" + i).isPresent());
    }
    assertTrue(strangers.admit("b").isEmpty());
    first.end();
    assertTrue(strangers.admit("b").isPresent());
  }

  @Test
  void shouldTellOnceAMinuteAndCountAll() {
    assertTrue(strangers.refused("a", CloseReason.HANDSHAKE_TIMEOUT, "too slow"));
    for (int i = 0; i < 4_500; i++) {
      nowNs += TimeUnit.MILLISECONDS.toNanos(10);
      assertFalse(strangers.refused("a", CloseReason.HANDSHAKE_TIMEOUT, "too slow"));
    }
    nowNs += TimeUnit.SECONDS.toNanos(20);
    assertTrue(strangers.refused("a", CloseReason.HANDSHAKE_TIMEOUT, "too slow"));
    assertEquals(4_502, counters.get(ChannelCount.STRANGERS));
  }
}
