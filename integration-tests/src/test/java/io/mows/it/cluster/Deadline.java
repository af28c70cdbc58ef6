// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens by itself. */
public final class Deadline {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long POLL_MS = 10;

  private Deadline() {}

  public static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, LIMIT, condition);
  }

  /** For what takes longer than most. */
  public static void await(String what, Duration limit, Callable<Boolean> condition)
      throws Exception {
    long endNs = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - endNs > 0) {
        fail("Not within " + limit.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
