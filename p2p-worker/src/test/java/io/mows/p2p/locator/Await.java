// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads do: looks again and again, up to a deadline. */
public final class Await {
  private static final long DEADLINE_MS = 60_000;
  private static final long POLL_MS = 5;

  private Await() {}

  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
    while (!condition.call()) {
      if (System.nanoTime() - deadlineNs > 0) {
        fail("Within " + DEADLINE_MS + " ms there was no: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
