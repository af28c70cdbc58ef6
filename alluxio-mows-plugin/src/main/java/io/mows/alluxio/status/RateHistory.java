// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast bytes came from the origin, from peers and from warm-up workers: one number for each
 * step of {@value #STEP_MS} ms by the wall clock, {@value #STEPS} at most. Workers' steps begin at
 * the same moments, as far as their clocks agree, so that those of a cluster can be added up.
 * Thread-safe.
 */
final class RateHistory {
  static final int STEPS = 90;
  static final int STEP_MS = 2_000;

  private static final String[] SOURCES = {"origin", "peers", "warmup"};

  private final Deque<long[]> steps = new ArrayDeque<>();
  private long[] last;
  private long step = Long.MIN_VALUE;

  /** The counters now. To be called more often than there are steps. */
  synchronized void sample(long nowMs, long origin, long peers, long warmup) {
    long now = Math.floorDiv(nowMs, (long) STEP_MS);
    long[] counters = {origin, peers, warmup};
    if (last == null || now < step) {
      steps.clear();
    } else if (now == step) {
      return;
    } else {
      long passed = now - step;
      long[] rates = new long[SOURCES.length];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = Math.max(0, counters[i] - last[i]) * 1_000 / (passed * STEP_MS);
      }
      for (long i = Math.min(passed, STEPS); i > 0; i--) {
        steps.add(rates);
      }
      while (steps.size() > STEPS) {
        steps.remove();
      }
    }
    last = counters;
    step = now;
  }

  /** Bytes a second, oldest first; the last step has ended at {@code endMs}. */
  synchronized void write(ObjectNode json) {
    json.put("stepMs", STEP_MS).put("endMs", last == null ? 0 : step * STEP_MS);
    for (int i = 0; i < SOURCES.length; i++) {
      ArrayNode rates = json.putArray(SOURCES[i]);
      for (long[] all : steps) {
        rates.add(all[i]);
      }
    }
  }
}
