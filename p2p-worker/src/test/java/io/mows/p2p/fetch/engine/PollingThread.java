// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that looks for tasks by itself, a few thousand times a second: whoever has one for it
 * does not pay for waking it. For what stands in for a network and an origin that cost nothing.
 */
final class PollingThread implements Executor, AutoCloseable {
  private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** For this thread. */
  private final Queue<Runnable> later = new ArrayDeque<>();

  private volatile boolean isEnding;

  PollingThread(String name) {
    Thread thread = new Thread(this::loop, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** For tasks of this thread: runs {@code task} after a pause. */
  void later(Runnable task) {
    later.add(task);
  }

  private void loop() {
    while (!isEnding) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      LockSupport.parkNanos(PAUSE_NS);
      tasks.addAll(later);
      later.clear();
    }
  }

  /** Runs nothing any more. */
  @Override
  public void close() {
    isEnding = true;
  }
}
