// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes have come in the last {@value #WINDOW_S} seconds, and since when any have. Pure;
 * for one thread at a time.
 */
final class RecentBytes {
  private static final int WINDOW_S = 5;
  private static final int BUCKETS = 10;
  private static final long BUCKET_NS = TimeUnit.SECONDS.toNanos(WINDOW_S) / BUCKETS;

  private final long[] buckets = new long[BUCKETS];
  private long lastBucket = Long.MIN_VALUE;
  private long beganNs;

  void add(long nowNs, long bytes) {
    long bucket = Math.floorDiv(nowNs, BUCKET_NS);
    if (isSilent(bucket)) {
      beganNs = nowNs;
    }
    slideTo(bucket);
    buckets[index(bucket)] += bytes;
  }

  long bytes(long nowNs) {
    long bucket = Math.floorDiv(nowNs, BUCKET_NS);
    if (isSilent(bucket)) {
      return 0;
    }
    slideTo(bucket);
    long sum = 0;
    for (long bytes : buckets) {
      sum += bytes;
    }
    return sum;
  }

  /** The time in which {@link #bytes} have come: no more than the window, and never 0. */
  long spanNs(long nowNs) {
    long windowNs = BUCKET_NS * (BUCKETS - 1) + Math.floorMod(nowNs, BUCKET_NS);
    return Math.max(BUCKET_NS, Math.min(windowNs, nowNs - beganNs));
  }

  /** Nothing has come for so long that the window is empty. */
  private boolean isSilent(long bucket) {
    return lastBucket == Long.MIN_VALUE || bucket - lastBucket >= BUCKETS;
  }

  private void slideTo(long bucket) {
    long first = isSilent(bucket) ? bucket - BUCKETS + 1 : lastBucket + 1;
    for (long b = first; b <= bucket; b++) {
      buckets[index(b)] = 0;
    }
    lastBucket = Math.max(lastBucket, bucket);
  }

  private static int index(long bucket) {
    return (int) Math.floorMod(bucket, (long) BUCKETS);
  }
}
