// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Whether a file that arrives is worth waiting for: all of it will be here within a limit, at the
 * rate at which it comes. Pure: no clock; for one thread.
 */
final class WholeSoon {
  /** The rate is that of so long. */
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(3);

  /** No byte for so long, and it is not worth it. */
  private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(2);

  /** Before that nobody knows the rate: pieces come in bursts, and those of other files between. */
  private static final long MEASURE_NS = TimeUnit.SECONDS.toNanos(2);

  private final long limitNs;
  private final long lengthBytes;
  private final long startNs;
  private final long startBytes;

  /** Since the first bytes came: the oldest is a window old, the newest is what is here. */
  private final Deque<Sample> samples = new ArrayDeque<>();

  private long progressNs;

  /**
   * @param limitNs how long anybody waits at most
   * @param arrivedBytes what is here already
   */
  WholeSoon(long limitNs, long lengthBytes, long arrivedBytes, long nowNs) {
    this.limitNs = limitNs;
    this.lengthBytes = lengthBytes;
    this.startNs = nowNs;
    this.startBytes = arrivedBytes;
    this.progressNs = nowNs;
  }

  private static final class Sample {
    private final long atNs;
    private final long bytes;

    Sample(long atNs, long bytes) {
      this.atNs = atNs;
      this.bytes = bytes;
    }
  }

  /** To be asked again and again until it says no. */
  boolean isWorthIt(long arrivedBytes, long nowNs) {
    long leftNs = limitNs - (nowNs - startNs);
    if (leftNs <= 0) {
      return false;
    }
    if (samples.isEmpty() && arrivedBytes == startBytes) {
      // Whoever reads now waits as well, if nothing is here.
      return startBytes == 0 || nowNs - progressNs < STALLED_NS;
    }
    if (samples.isEmpty() || arrivedBytes != samples.getLast().bytes) {
      progressNs = nowNs;
    }
    samples.addLast(new Sample(nowNs, arrivedBytes));
    while (nowNs - samples.getFirst().atNs > WINDOW_NS) {
      samples.removeFirst();
    }
    return nowNs - progressNs < STALLED_NS && isFastEnough(arrivedBytes, nowNs, leftNs);
  }

  private boolean isFastEnough(long arrivedBytes, long nowNs, long leftNs) {
    Sample oldest = samples.getFirst();
    double measuredNs = nowNs - oldest.atNs;
    if (measuredNs < MEASURE_NS) {
      return true;
    }
    double bytesPerNs = (arrivedBytes - oldest.bytes) / measuredNs;
    return lengthBytes - arrivedBytes <= bytesPerNs * leftNs;
  }
}
