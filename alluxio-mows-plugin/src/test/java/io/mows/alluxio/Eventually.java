// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads, the kernel or another process do. */
public final class Eventually {
  private static final long DEADLINE_S = 60;
  private static final long POLL_MS = 2;

  private Eventually() {}

  /**
   * Returns when {@code condition} holds, and fails if it does not in a minute.
   *
   * @param what what is waited for, for the failure
   */
  public static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - endNs < 0, () -> "waited in vain for " + what);
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
