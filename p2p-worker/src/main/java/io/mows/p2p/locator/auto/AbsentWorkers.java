// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.thread.NamedThreads;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds candidates that are no workers of ours: stock ones, during a rolling upgrade, or processes
 * that have died. Their machines refuse connections, which is known at once, of all of them side by
 * side; silence alone is no proof. A worker of ours that has just started refuses as well, for a
 * moment, so each must have refused {@link #TIMES} times in a row. For the loop, but for the look
 * itself, on threads {@code mows-locator-absent}.
 */
final class AbsentWorkers implements AutoCloseable {
  static final int TIMES = 4;

  /** So many are looked at in one turn. */
  static final int MAX_WORKERS = 16;

  private static final int THREADS = 4;

  private final Predicate<String> isAbsent;
  private final Executor loop;
  private final Consumer<WorkerRef> absent;
  private final Map<WorkerRef, Integer> refusals = new HashMap<>();
  private final Set<WorkerRef> asked = new HashSet<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          NamedThreads.many("mows-locator-absent"));

  /**
   * @param isAbsent whether the machine at a locator's address says that none of ours is there; may
   *     block
   * @param absent is told, on the loop, of each
   */
  AbsentWorkers(Predicate<String> isAbsent, Executor loop, Consumer<WorkerRef> absent) {
    this.isAbsent = isAbsent;
    this.loop = loop;
    this.absent = absent;
    threads.allowCoreThreadTimeOut(true);
  }

  /** Another turn: looks at these, and forgets what it knows of others. */
  void look(List<WorkerRef> candidates) {
    refusals.keySet().retainAll(candidates);
    for (WorkerRef worker : candidates) {
      if (asked.add(worker)) {
        threads.execute(
            () -> {
              boolean refuses = isAbsent.test(worker.locatorAddress());
              loop.execute(() -> seen(worker, refuses));
            });
      }
    }
  }

  private void seen(WorkerRef worker, boolean refuses) {
    asked.remove(worker);
    if (!refuses) {
      refusals.remove(worker);
    } else if (refusals.merge(worker, 1, Integer::sum) >= TIMES) {
      refusals.remove(worker);
      absent.accept(worker);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
