// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

/** The clock of a directory, see {@code LocatorState}. Immutable. */
final class StateTimes {
  static final StateTimes NONE = new StateTimes(0, 0, 0);

  private final long epoch;
  private final long lastTimeMs;
  private final long clockMs;

  /**
   * @param epoch which life of the directory this is; 0 before the first entry
   * @param lastTimeMs the latest stamp of an entry
   * @param clockMs for how long the directory has lived
   */
  StateTimes(long epoch, long lastTimeMs, long clockMs) {
    this.epoch = epoch;
    this.lastTimeMs = lastTimeMs;
    this.clockMs = clockMs;
  }

  long epoch() {
    return epoch;
  }

  long lastTimeMs() {
    return lastTimeMs;
  }

  long clockMs() {
    return clockMs;
  }
}
