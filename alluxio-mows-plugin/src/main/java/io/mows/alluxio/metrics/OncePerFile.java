// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets one log line for each file and minute through. Thread-safe. */
final class OncePerFile {
  private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_FILES = 10_000;

  private final LongSupplier nanoClock;
  private final Map<String, Long> lastNs = new LinkedHashMap<>();

  OncePerFile(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Whether there was a line for {@code what} within a minute. */
  synchronized boolean wasSaid(String what) {
    Long last = lastNs.get(what);
    return last != null && nanoClock.getAsLong() - last < INTERVAL_NS;
  }

  /** Whether there was no line for {@code what} within a minute; counts as one. */
  synchronized boolean isDue(String what) {
    long nowNs = nanoClock.getAsLong();
    Long last = lastNs.get(what);
    if (last != null && nowNs - last < INTERVAL_NS) {
      return false;
    }
    lastNs.remove(what);
    lastNs.put(what, nowNs);
    if (lastNs.size() > MAX_FILES) {
      lastNs.remove(lastNs.keySet().iterator().next());
    }
    return true;
  }
}
