// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens by itself. */
final class Deadline {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long POLL_MS = 10;

  private Deadline() {}

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - endNs > 0) {
        fail("Not within " + LIMIT.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
