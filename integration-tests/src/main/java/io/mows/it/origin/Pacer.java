// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

/**
 * A line of a given rate, first come, first served: each caller is told when the last of its bytes
 * has left the line. Callers with one chunk of equal size outstanding each share the line equally,
 * because each rejoins the end of the queue. Time that a late caller left unused, up to {@link
 * #CREDIT_NS}, may be caught up, which keeps the rate accurate although threads wake late and
 * bounds the burst. (The generic cell rate algorithm, ITU-T I.371.) Thread-safe, never blocks.
 */
final class Pacer {
  /** Also the longest burst, as time on the line. */
  static final long CREDIT_NS = 10_000_000;

  private static final double NS_PER_SECOND = 1e9;

  private final double nsPerByte;
  private double freeNs;

  /** {@code nowNs} is any clock's time; {@link #reserve} must use the same clock. */
  Pacer(long bytesPerSecond, long nowNs) {
    this.nsPerByte = NS_PER_SECOND / bytesPerSecond;
    this.originNs = nowNs;
  }

  // Times are kept relative to the start, where a double is exact to far less than a nanosecond.
  private final long originNs;

  /** Takes the next place on the line; returns when its end is reached. */
  synchronized long reserve(long bytes, long nowNs) {
    double now = nowNs - originNs;
    freeNs = Math.max(freeNs, now - CREDIT_NS) + bytes * nsPerByte;
    return originNs + (long) freeNs;
  }
}
