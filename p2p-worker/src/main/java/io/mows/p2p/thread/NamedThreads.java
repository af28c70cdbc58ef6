// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that say whose they are and do not outlive their owner. */
public final class NamedThreads {
  private static final Logger LOG = LoggerFactory.getLogger(NamedThreads.class);

  /** What is still running after that is interrupted. */
  public static final long SHUTDOWN_MS = 10_000;

  private NamedThreads() {}

  /** Makes a daemon called {@code name}, for an executor that has one thread. */
  public static ThreadFactory one(String name) {
    return task -> daemon(task, name);
  }

  /** Makes daemons called {@code name} and a number. */
  public static ThreadFactory many(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> daemon(task, name + "-" + count.getAndIncrement());
  }

  /** One daemon that also does things later; what comes after its shutdown is dropped. */
  public static ScheduledThreadPoolExecutor scheduled(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, one(name), new ThreadPoolExecutor.DiscardPolicy());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends {@code threads} when they have done what waits; waits for that, or was interrupted. */
  public static void shutDown(ExecutorService threads, String name) {
    threads.shutdown();
    await(threads, name);
  }

  /**
   * Interrupts {@code threads}, drops what waits; waits until they have ended, or was interrupted.
   */
  public static void stop(ExecutorService threads, String name) {
    threads.shutdownNow();
    await(threads, name);
  }

  private static void await(ExecutorService threads, String name) {
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
