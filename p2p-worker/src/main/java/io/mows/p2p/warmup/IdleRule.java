// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.LaneLoads.Activity;
import java.util.concurrent.TimeUnit;

/**
 * When memory may be filled with what nobody asked for, how fast and how far: not within {@value
 * #QUIET_S} s of a reader who waited, not while the links carry more than {@value #BUSY_PERCENT} %
 * of what they can for anything else, with {@value #RATE_PERCENT} % of the link, and never the last
 * {@value #KEEP_PERCENT} % of memory. Pure: gets the time. Not thread-safe.
 */
final class IdleRule {
  static final long QUIET_S = 3;
  static final int BUSY_PERCENT = 10;
  static final int RATE_PERCENT = 50;
  static final int KEEP_PERCENT = 20;

  /**
   * 1 Gbit/s. What has only carried little is not known to be slow: half of that would be the rate,
   * and never be seen to be too little.
   */
  static final long MIN_LINK_BYTES_PER_SECOND = 125_000_000L;

  private static final double NS = 1e9;

  private Activity last;
  private long lastNs;

  /**
   * @param linkBytesPerSecond the most that this worker has received lately; 0 if not known
   */
  Verdict judge(Activity now, boolean busy, long linkBytesPerSecond, long nowNs) {
    long link = Math.max(linkBytesPerSecond, MIN_LINK_BYTES_PER_SECOND);
    boolean known = last != null && nowNs > lastNs;
    double bytesPerSecond =
        known ? (now.otherBytes() - last.otherBytes()) * NS / (nowNs - lastNs) : 0;
    last = now;
    lastNs = nowNs;
    boolean quiet =
        !now.hadReaders() || nowNs - now.lastReaderNs() >= TimeUnit.SECONDS.toNanos(QUIET_S);
    boolean idle =
        known
            && !busy
            && quiet
            && !now.othersFetch()
            && bytesPerSecond * 100 <= (double) link * BUSY_PERCENT;
    return new Verdict(idle, link * RATE_PERCENT / 100);
  }

  boolean hasRoom(long freeBytes, long capacityBytes, long blockBytes) {
    return freeBytes - blockBytes >= capacityBytes / 100 * KEEP_PERCENT;
  }

  /** Immutable. */
  static final class Verdict {
    private final boolean idle;
    private final long bytesPerSecond;

    Verdict(boolean idle, long bytesPerSecond) {
      this.idle = idle;
      this.bytesPerSecond = bytesPerSecond;
    }

    boolean isIdle() {
      return idle;
    }

    long bytesPerSecond() {
      return bytesPerSecond;
    }
  }
}
