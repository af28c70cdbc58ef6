// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

/**
 * A line of a given rate, first come, first served: each caller is told when the last of its bytes
 * has left the line. Callers with one chunk of equal size outstanding each share the line equally,
 * because each rejoins the end of the queue. Thread-safe, never blocks.
 *
 * <p>Sending threads run late, on a busy machine by tens of milliseconds. So time that the line
 * stood idle is made up for, or the rate would fall short: up to {@link #CREDIT_NS} at once (the
 * generic cell rate algorithm, ITU-T I.371), and of a longer pause up to {@link #MAX_OWED_NS} more,
 * slowly, at a rate that is higher by a quarter. Thus in any second at most 3 % too much is sent. A
 * line that nobody used for {@link #NO_DEMAND_NS} had nothing to send and is owed nothing.
 */
final class Pacer {
  /** As time on the line. The longest burst is this, and a quarter more while time is owed. */
  static final long CREDIT_NS = 10_000_000;

  static final long MAX_OWED_NS = 20_000_000;
  static final long NO_DEMAND_NS = 100_000_000;

  /** Of the time that bytes take, while the line is owed time. */
  private static final double REPAID_SHARE = 0.2;

  private static final double NS_PER_SECOND = 1e9;

  private final double nsPerByte;

  // Times count from the first use, where a double is exact to far less than a nanosecond.
  private boolean used;
  private long originNs;
  private long lastUseNs;
  private double freeNs;
  private double owedNs;

  Pacer(long bytesPerSecond) {
    this.nsPerByte = NS_PER_SECOND / bytesPerSecond;
  }

  /**
   * Takes the next place on the line.
   *
   * @param nowNs any clock's time, but always the same clock's
   * @return when the end of that place is reached, by that clock
   */
  synchronized long reserve(long bytes, long nowNs) {
    if (!used) {
      used = true;
      originNs = nowNs;
      lastUseNs = nowNs;
    }
    long pauseNs = nowNs - lastUseNs;
    lastUseNs = nowNs;
    double idleNs = nowNs - originNs - freeNs;
    if (idleNs > CREDIT_NS) {
      freeNs += idleNs - CREDIT_NS;
      // Many small gaps mean that there is little to send; one large gap, that senders ran late.
      double lateNs = Math.min(idleNs, (double) pauseNs) - CREDIT_NS;
      owedNs = pauseNs > NO_DEMAND_NS ? 0 : Math.min(MAX_OWED_NS, owedNs + Math.max(0, lateNs));
    }
    double costNs = bytes * nsPerByte;
    double repaidNs = Math.min(owedNs, costNs * REPAID_SHARE);
    owedNs -= repaidNs;
    freeNs += costNs - repaidNs;
    return originNs + (long) freeNs;
  }
}
