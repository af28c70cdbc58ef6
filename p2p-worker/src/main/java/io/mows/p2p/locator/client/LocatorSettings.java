// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.LookupQuery;

/** How a worker uses the directory. Immutable. */
public final class LocatorSettings {
  /**
   * A heartbeat every 3 s, sooner (but not within 250 ms of the last, and not within 1 s if that
   * goes on) when others should know; dead after 15 s; answers up to 1 s old are good enough.
   */
  public static final LocatorSettings DEFAULT =
      new LocatorSettings(3_000, 250, 15_000, 1_000, 2_000, 32, 32);

  /** As the default, but the newest answer: who fetches a file changes by the millisecond. */
  public static final LocatorSettings WORKER =
      new LocatorSettings(3_000, 100, 15_000, 20, 1_000, 32, 32);

  private final long heartbeatMs;
  private final long minGapMs;
  private final long leaseMs;
  private final long lookupFreshMs;
  private final long lookupTimeoutMs;
  private final int neighbours;
  private final int owners;

  /**
   * @param heartbeatMs how often a peer says that it lives
   * @param minGapMs between two announcements, however much there is to tell; while there is always
   *     more it grows to {@link #maxGapMs}
   * @param leaseMs how long a peer counts as alive without a heartbeat
   * @param lookupFreshMs how old an answer may be before the directory is asked again
   * @param lookupTimeoutMs when a question is given up and the last known answer is used
   * @param neighbours how many holders of a file to be told of
   * @param owners how many fetching peers of a file to be told of
   * @throws IllegalArgumentException if the directory would refuse them
   */
  public LocatorSettings(
      long heartbeatMs,
      long minGapMs,
      long leaseMs,
      long lookupFreshMs,
      long lookupTimeoutMs,
      int neighbours,
      int owners) {
    check(heartbeatMs > 0 && minGapMs > 0 && heartbeatMs >= minGapMs, "heartbeat and gap");
    check(
        leaseMs >= Announcement.MIN_LEASE_MS
            && leaseMs <= Announcement.MAX_LEASE_MS
            && leaseMs >= 2 * heartbeatMs,
        "lease: it must outlive a lost heartbeat");
    check(lookupFreshMs >= 0 && lookupTimeoutMs > 0, "times of lookups");
    check(neighbours > 0 && neighbours <= LookupQuery.MAX_NEIGHBOURS, "number of neighbours");
    check(owners >= 0 && owners <= LookupQuery.MAX_OWNERS, "number of owners");
    this.heartbeatMs = heartbeatMs;
    this.minGapMs = minGapMs;
    this.leaseMs = leaseMs;
    this.lookupFreshMs = lookupFreshMs;
    this.lookupTimeoutMs = lookupTimeoutMs;
    this.neighbours = neighbours;
    this.owners = owners;
  }

  private static void check(boolean isFine, String what) {
    if (!isFine) {
      throw new IllegalArgumentException("The locator cannot work with this " + what);
    }
  }

  long heartbeatMs() {
    return heartbeatMs;
  }

  long minGapMs() {
    return minGapMs;
  }

  /** Between two announcements when one change comes after the other. */
  long maxGapMs() {
    return Math.max(minGapMs, heartbeatMs / 3);
  }

  /** Who has said nothing for this long has had nothing urgent to say. */
  long quietMs() {
    return heartbeatMs * 3 / 4;
  }

  long leaseMs() {
    return leaseMs;
  }

  long lookupFreshMs() {
    return lookupFreshMs;
  }

  long lookupTimeoutMs() {
    return lookupTimeoutMs;
  }

  public int neighbours() {
    return neighbours;
  }

  public int owners() {
    return owners;
  }
}
