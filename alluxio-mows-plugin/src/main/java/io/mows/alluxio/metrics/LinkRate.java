// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import java.util.concurrent.TimeUnit;

/**
 * The fastest that this worker has received anything over half a second: what its link can do, as
 * far as it was seen. The peak is forgotten slowly, by half in five minutes. Thread-safe.
 */
final class LinkRate {
  private static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final double HALF_LIFE_NS = TimeUnit.MINUTES.toNanos(5);

  private long windowStartNs;
  private long windowBytes;
  private long peakAtNs;
  private double peak;
  private boolean started;

  synchronized void arrived(long bytes, long nowNs) {
    if (!started) {
      started = true;
      windowStartNs = nowNs;
    }
    windowBytes += bytes;
    long elapsedNs = nowNs - windowStartNs;
    if (elapsedNs >= WINDOW_NS) {
      double rate = (double) windowBytes / elapsedNs;
      double faded = peak * Math.pow(0.5, (nowNs - peakAtNs) / HALF_LIFE_NS);
      if (rate > faded) {
        peak = rate;
        peakAtNs = nowNs;
      }
      windowStartNs = nowNs;
      windowBytes = 0;
    }
  }

  /** Bytes per nanosecond; 0 before anything is known. */
  synchronized double peakBytesPerNs() {
    return peak;
  }
}
