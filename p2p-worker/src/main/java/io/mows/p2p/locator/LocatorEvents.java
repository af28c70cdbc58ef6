// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** What happened, for metrics. Implementations are thread-safe and return at once. */
public interface LocatorEvents {
  /** Counts nothing. */
  LocatorEvents NONE = new LocatorEvents() {};

  /** The directory has an announcement. */
  default void announced(int changes, boolean full, long elapsedNs) {}

  /** An announcement did not get through; what it said is said again. */
  default void announceFailed(Throwable failure) {}

  /** The directory answered a question, or the answer was still fresh. */
  default void lookedUp(boolean fromCache, long elapsedNs) {}

  /** A question was not answered; the asker got what was last known. */
  default void lookupFailed(Throwable failure) {}

  /** The directory can be reached, or not any more. */
  default void reachable(boolean up) {}

  /** The directory started empty: everything is announced again. */
  default void directoryReplaced() {}

  /**
   * The member of several that this worker should host cannot start.
   *
   * @param why with the remedy; empty if it has started
   */
  default void memberObstacle(String why) {}

  /** The member that is hosted here ended a connection, because it said nothing, or the like. */
  default void turnedAway() {}
}
