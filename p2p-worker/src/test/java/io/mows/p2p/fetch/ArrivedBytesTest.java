// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.FetchMetrics.Source;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ArrivedBytesTest {
  private final AtomicLong nowNs = new AtomicLong(5);
  private final ArrivedBytes arrived = new ArrivedBytes(nowNs::get);

  @Test
  void shouldCountEachFileByWhereItsBytesComeFrom() {
    arrived.add(1, Source.ORIGIN, 10);
    arrived.add(1, Source.PEER, 20);
    arrived.add(1, Source.WARMUP, 300);
    arrived.add(2, Source.PEER, 7);
    assertEquals(10, arrived.of(1).originBytes);
    assertEquals(320, arrived.of(1).peerBytes);
    assertEquals(330, arrived.of(1).recentBytes);
    assertEquals(0, arrived.of(2).originBytes);
    assertEquals(7, arrived.of(2).peerBytes);
    nowNs.addAndGet(TimeUnit.MINUTES.toNanos(1));
    assertEquals(0, arrived.of(1).recentBytes);
    assertEquals(0, arrived.of(1).recentNs);
    assertEquals(320, arrived.of(1).peerBytes, "since the worker started");
  }

  @Test
  void shouldForgetTheFilesThatItHeardOfLongestAgo() {
    for (int id = 0; id < 20_010; id++) {
      arrived.add(id, Source.ORIGIN, 1);
      assertEquals(1, arrived.of(0).originBytes, "asked for again and again");
    }
    assertEquals(0, arrived.of(1).originBytes);
    assertEquals(1, arrived.of(20_009).originBytes);
  }
}
