// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for short tasks that may block, each of which can wait for a moment. While many come, a
 * thread looks for them by itself now and then ({@link LoopRest}): to wake one costs who has a task
 * more than all else that it does for the piece that the task is about. Thread-safe.
 */
final class NappingThreads {
  private static final long LONGEST_SLEEP_NS = TimeUnit.SECONDS.toNanos(60);
  private static final Logger LOG = LoggerFactory.getLogger(NappingThreads.class);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Worker> workers = new ArrayList<>();
  private final BooleanSupplier isAnything = this::isAnything;
  private volatile boolean isEnding;

  NappingThreads(ThreadFactory threads, int count) {
    for (int i = 0; i < count; i++) {
      workers.add(new Worker(threads));
    }
    workers.forEach(worker -> worker.thread.start());
  }

  /**
   * Runs {@code task} on one of the threads.
   *
   * @return false if they have ended and the task will not run
   */
  boolean run(Runnable task) {
    if (!isEnding) {
      tasks.add(task);
      // The end may have come in between: then it is done by a thread, or taken back, never both.
      if (!isEnding || !tasks.remove(task)) {
        wakeOne();
        return true;
      }
    }
    return false;
  }

  /** Unless one will look by itself. Those that are at work may be stuck with what they do. */
  private void wakeOne() {
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).rest.isNapping()) {
        return;
      }
    }
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).rest.endSleep(workers.get(i).thread)) {
        return;
      }
    }
  }

  private boolean isAnything() {
    return isEnding || !tasks.isEmpty();
  }

  /** Ends the threads when they have done what waits; waits for that. */
  void shutDown() {
    isEnding = true;
    workers.forEach(worker -> worker.rest.end(worker.thread));
    try {
      for (Worker worker : workers) {
        worker.thread.join(NamedThreads.SHUTDOWN_MS);
        if (worker.thread.isAlive()) {
          LOG.warn("{} did not end within {} ms", worker.thread, NamedThreads.SHUTDOWN_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Worker implements Runnable {
    private final LoopRest rest = new LoopRest(LoopRest.Parking.MACHINE);
    private final Thread thread;

    Worker(ThreadFactory threads) {
      this.thread = threads.newThread(this);
    }

    @Override
    public void run() {
      for (boolean goesOn = true; goesOn; ) {
        boolean wasEnding = isEnding;
        Runnable task = tasks.poll();
        if (task != null) {
          attempt(task);
        } else {
          goesOn = !wasEnding;
          long nowNs = System.nanoTime();
          rest.begin(isAnything, nowNs, nowNs + LONGEST_SLEEP_NS);
        }
      }
    }

    private void attempt(Runnable task) {
      if (!tasks.isEmpty()) {
        // It may be a while until this one is done.
        wakeOne();
      }
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("A task of {} failed", thread.getName(), e);
      }
    }
  }
}
