// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import io.mows.p2p.fetch.FetchMetrics.Source;

/**
 * How fast bytes come from the origin and from peers between two looks, and the fastest that they
 * ever came from either alone. For one thread at a time.
 */
final class SourceRates {
  /** With less than that of the other, it comes from one kind of source alone. */
  private static final double ALONE = 0.1;

  private long originBytes;
  private long peerBytes;
  private double originNow;
  private double peersNow;
  private double peakFromOrigin;
  private double peakFromPeers;

  void arrived(int bytes, Source from) {
    if (from == Source.ORIGIN) {
      originBytes += bytes;
    } else {
      peerBytes += bytes;
    }
  }

  /** What came since the last time, and what was known before. */
  LoadLimit.Measured measured(long forNs) {
    double seconds = Math.max(1, forNs) / 1e9;
    originNow = originBytes / seconds;
    peersNow = peerBytes / seconds;
    originBytes = 0;
    peerBytes = 0;
    LoadLimit.Measured measured = new LoadLimit.Measured();
    measured.originBytesPerSecond = originNow;
    measured.peerBytesPerSecond = peersNow;
    measured.peakFromOrigin = peakFromOrigin;
    measured.peakFromPeers = peakFromPeers;
    return measured;
  }

  /** What came just now is known from now on. */
  void settle() {
    if (peersNow <= ALONE * originNow) {
      peakFromOrigin = Math.max(peakFromOrigin, originNow);
    } else if (originNow <= ALONE * peersNow) {
      peakFromPeers = Math.max(peakFromPeers, peersNow);
    }
  }
}
