// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Passes on that a {@code PieceTable} or its {@code Wants} have changed, so that nobody has to look
 * at each plan each time, and keeps count of what is wanted and not started. For one thread.
 */
final class PlanChanges {
  private final IntPredicate isBacklog;
  private final BitSet counted = new BitSet();
  private final List<Runnable> watchers = new ArrayList<>();
  private int backlog;

  /**
   * @param isBacklog whether a piece is wanted and not started
   */
  PlanChanges(IntPredicate isBacklog) {
    this.isBacklog = isBacklog;
  }

  /** Has {@code watcher} run at each change, in the middle of it. */
  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** How many pieces are wanted and not started, those that are only streamed left out. */
  int backlog() {
    return backlog;
  }

  /** Something is different with {@code piece}. */
  void of(int piece) {
    recount(piece);
    tell();
  }

  /** Something is different with the pieces from {@code first} to {@code last}. */
  void of(int first, int last) {
    for (int piece = first; piece <= last; piece++) {
      recount(piece);
    }
    tell();
  }

  private void recount(int piece) {
    boolean counts = isBacklog.test(piece);
    if (counts != counted.get(piece)) {
      counted.set(piece, counts);
      backlog += counts ? 1 : -1;
    }
  }

  /** Something is different, but not with which pieces are wanted and not started. */
  void tell() {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).run();
    }
  }
}
