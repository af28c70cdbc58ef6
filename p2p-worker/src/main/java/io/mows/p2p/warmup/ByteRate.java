// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

/** How fast bytes come, smoothed over some seconds. Gets the time; not thread-safe. */
final class ByteRate {
  private static final double SMOOTHING_S = 3;
  private static final double NS = 1e9;

  private long doneBytes = -1;
  private long partialBytes;
  private long timeNs;
  private double bytesPerSecond;

  /**
   * @param presentBytes in complete blocks
   * @param partial in others
   */
  void update(long presentBytes, long partial, long nowNs) {
    long now = presentBytes + partial;
    partialBytes = partial;
    double passedS = (nowNs - timeNs) / NS;
    if (doneBytes >= 0 && passedS > 0) {
      double rate = Math.max(0, now - doneBytes) / passedS;
      double weight = 1 - Math.exp(-passedS / SMOOTHING_S);
      bytesPerSecond += weight * (rate - bytesPerSecond);
    }
    doneBytes = now;
    timeNs = nowNs;
  }

  long partialBytes() {
    return partialBytes;
  }

  long bytesPerSecond() {
    return Math.round(bytesPerSecond);
  }
}
