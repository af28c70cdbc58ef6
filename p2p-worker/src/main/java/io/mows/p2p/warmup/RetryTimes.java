// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** When to try again what failed: after 2 s, then twice as long each time, at most a minute. */
final class RetryTimes {
  private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(2);
  private static final int MAX_DOUBLINGS = 5;

  private final Map<Integer, Integer> attempts = new HashMap<>();
  private final Map<Integer, Long> notBeforeNs = new HashMap<>();

  void failed(int block, long nowNs) {
    int count = attempts.merge(block, 1, Integer::sum);
    long pauseNs = FIRST_NS << Math.min(count - 1, MAX_DOUBLINGS);
    notBeforeNs.put(block, nowNs + pauseNs);
  }

  boolean isDue(int block, long nowNs) {
    Long at = notBeforeNs.get(block);
    return at == null || at - nowNs <= 0;
  }

  void succeeded(int block) {
    if (attempts.remove(block) != null) {
      notBeforeNs.remove(block);
    }
  }
}
