// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.LaneLoads;

/**
 * How many bytes may be started now so that a rate is kept: a bucket that fills with time, holds a
 * fifth of a second, and may be overdrawn by the last one who takes. Gets the time; for one thread.
 */
public final class TokenBucket {
  /** There is no limit. */
  public static final long UNLIMITED = LaneLoads.UNLIMITED;

  private static final double FULL_S = 0.2;
  private static final double NS = 1e9;

  private long bytesPerSecond = UNLIMITED;
  private double level;
  private long filledNs;

  public void setRate(long newBytesPerSecond, long nowNs) {
    if (bytesPerSecond == newBytesPerSecond) {
      return;
    }
    bytesPerSecond = newBytesPerSecond;
    filledNs = nowNs;
    level = 0;
  }

  /** Takes {@code bytes} if some may be started now. */
  public boolean take(long bytes, long nowNs) {
    if (bytesPerSecond == UNLIMITED) {
      return true;
    }
    double passedS = Math.max(0, nowNs - filledNs) / NS;
    level = Math.min(bytesPerSecond * FULL_S, level + passedS * bytesPerSecond);
    filledNs = nowNs;
    if (level < 0) {
      return false;
    }
    level -= bytes;
    return true;
  }
}
