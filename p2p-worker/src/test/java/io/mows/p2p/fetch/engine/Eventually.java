// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads bring about. */
final class Eventually {
  static final long DEADLINE_S = 60;

  private Eventually() {}

  static void until(BooleanSupplier condition, Supplier<String> state) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNs > 0) {
        fail("Not within " + DEADLINE_S + " s: " + state.get());
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
