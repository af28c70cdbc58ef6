// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import java.util.concurrent.TimeUnit;

/**
 * Spreads the frames of all uploads over time. Each connection asks for one frame at a time and
 * gets the next free moment, so connections that have something to send take turns. Thread-safe.
 */
public final class UploadRate {
  private static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long bytesPerSecond;
  private boolean started;
  private long nextFreeNs;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public UploadRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Takes a turn, and says how many nanoseconds from {@code nowNs} it starts: 0 for at once. */
  public synchronized long reserve(int bytes, long nowNs) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    // What was not used in the past may be made up for, but no more than a short burst.
    if (!started || nextFreeNs - (nowNs - BURST_NS) < 0) {
      started = true;
      nextFreeNs = nowNs - BURST_NS;
    }
    long startsNs = nextFreeNs;
    nextFreeNs += (long) (bytes * 1e9 / bytesPerSecond);
    return Math.max(0, startsNs - nowNs);
  }
}
