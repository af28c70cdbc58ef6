// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads bring about: looks again and again, up to a deadline. */
public final class Eventually {
  public static final long DEADLINE_S = 60;

  private static final long POLL_NS = 200_000;
  private static final long SLOW_POLL_NS = 5_000_000;

  private Eventually() {}

  /**
   * @param state what is the case if it is not in time
   */
  public static void until(BooleanSupplier condition, Supplier<String> state) {
    long endNs = endNs();
    while (!condition.getAsBoolean()) {
      failIfOver(endNs, state);
      LockSupport.parkNanos(POLL_NS);
    }
  }

  /**
   * For a condition that asks others.
   *
   * @param what is waited for
   */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long endNs = endNs();
    while (!condition.call()) {
      failIfOver(endNs, () -> "there was no: " + what);
      LockSupport.parkNanos(SLOW_POLL_NS);
    }
  }

  private static long endNs() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
  }

  private static void failIfOver(long endNs, Supplier<String> state) {
    if (System.nanoTime() - endNs > 0) {
      fail("Not within " + DEADLINE_S + " s: " + state.get());
    }
  }
}
