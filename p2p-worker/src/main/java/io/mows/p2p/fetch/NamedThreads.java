// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that say whose they are and do not outlive their owner. */
final class NamedThreads {
  private static final Logger LOG = LoggerFactory.getLogger(NamedThreads.class);

  /** What is still running after that is interrupted. */
  static final long SHUTDOWN_MS = 10_000;

  private NamedThreads() {}

  /** Daemons, called {@code name} and a number. */
  static ThreadFactory factory(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Ends {@code threads}; waits until they have ended, or were interrupted. */
  static void shutDown(ExecutorService threads, String name) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("The {} threads did not end within {} ms", name, SHUTDOWN_MS);
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
