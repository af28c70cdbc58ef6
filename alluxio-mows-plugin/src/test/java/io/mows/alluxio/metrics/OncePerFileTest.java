// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class OncePerFileTest {
  private final AtomicLong nowNs = new AtomicLong();
  private final OncePerFile lines = new OncePerFile(nowNs::get);

  @Test
  void shouldLetOneLineForEachFileAndMinuteThrough() {
    assertTrue(lines.isDue("/a"));
    assertTrue(lines.isDue("/b"));
    assertFalse(lines.isDue("/a"));
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(59));
    assertFalse(lines.isDue("/a"));
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertTrue(lines.isDue("/a"));
    assertFalse(lines.isDue("/a"));
  }

  @Test
  void shouldForgetTheOldestOfVeryMany() {
    for (int i = 0; i < 5_000; i++) {
      assertTrue(lines.isDue("/" + i));
    }
    assertFalse(lines.isDue("/4999"));
  }
}
