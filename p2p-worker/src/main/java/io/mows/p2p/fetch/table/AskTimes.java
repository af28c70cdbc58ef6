// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import java.util.concurrent.TimeUnit;

/**
 * When to ask the locator for one file: often while its fetch is young, then once a second, and
 * seldom while this worker is connected to all who take part. Those tell of what they have
 * themselves, and whoever comes later finds this worker and calls it. Pure; for one thread.
 */
public final class AskTimes {
  private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(40);
  private static final long MAX_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_PAUSE_IF_ALL_CONNECTED_NS = TimeUnit.SECONDS.toNanos(5);

  private long pauseNs;
  private long nextNs;

  /** Due at once. */
  public AskTimes(long nowNs) {
    this.nextNs = nowNs;
  }

  public boolean wasAsked() {
    return pauseNs > 0;
  }

  public long nextNs() {
    return nextNs;
  }

  public boolean isDue(long nowNs) {
    return nextNs - nowNs <= 0;
  }

  /** Whether to ask now if there is something else to be asked. */
  public boolean isDueSoon(long nowNs) {
    return nextNs - nowNs <= pauseNs / 2;
  }

  /**
   * The locator has been asked.
   *
   * @param allConnected whether it named nobody to whom this worker is not connected
   */
  public void asked(long nowNs, boolean allConnected) {
    long maxPauseNs = allConnected ? MAX_PAUSE_IF_ALL_CONNECTED_NS : MAX_PAUSE_NS;
    pauseNs = wasAsked() ? Math.min(2 * pauseNs, maxPauseNs) : FIRST_PAUSE_NS;
    nextNs = nowNs + pauseNs;
  }
}
