// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
public final class Eventually {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private Eventually() {}

  /** Returns when {@code condition} holds, and fails if it does not within 60 s. */
  public static void await(String what, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs > DEADLINE_NS) {
        throw new AssertionError("Waited in vain until " + what);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
