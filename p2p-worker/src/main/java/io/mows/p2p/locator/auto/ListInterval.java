// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import java.util.Collection;
import java.util.Set;

/**
 * How often the master is asked who lives: at every turn while the host of the locator is being
 * found or does not answer, seldom once the list has been the same for a while. A thousand workers
 * that ask every second for a list of a thousand are a load for the master. For one thread.
 */
final class ListInterval {
  /** As often the list must have been the same. */
  static final int CALM_AFTER = 10;

  /** When it is calm, of so many turns one is used. */
  static final int CALM_TURNS = 5;

  private Set<WorkerRef> last = Set.of();
  private int same;
  private int turns;

  /** Another turn: whether the list is to be read. */
  boolean isDue() {
    turns++;
    return same < CALM_AFTER || turns >= CALM_TURNS;
  }

  /**
   * The list has been read.
   *
   * @param workers in any order
   */
  void read(Collection<WorkerRef> workers) {
    turns = 0;
    Set<WorkerRef> now = Set.copyOf(workers);
    same = !now.isEmpty() && now.equals(last) ? same + 1 : 0;
    last = now;
  }

  /** The host, or the master, does not answer. */
  void disturbed() {
    same = 0;
  }
}
