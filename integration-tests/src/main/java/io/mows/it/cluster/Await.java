// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Waiting by polling, always with a deadline. */
final class Await {
  private static final long POLL_MS = 50;

  private Await() {}

  /** Something to wait for; may throw when it can no longer happen. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /**
   * Polls until the condition holds.
   *
   * @param what for the message: "worker-0 to mount"
   * @param detail the rest of the message when the time is up, such as the tail of a log
   * @throws IOException if it does not hold in time, or when the condition itself throws
   */
  static void until(String what, Duration timeout, Condition condition, Supplier<String> detail)
      throws IOException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new IOException(
            "waited " + timeout.toSeconds() + " s for " + what + ". " + detail.get());
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + what, e);
      }
    }
  }
}
