// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's one thread, {@code mows-fetch}: after its tasks it does what has become possible,
 * and it wakes up by itself when the decisions want to be asked again. It does that once for up to
 * {@link #BATCH} tasks that wait: to decide takes longer than to take note of what a peer says, and
 * on a busy machine many do at once.
 */
final class EngineLoop {
  /** How many tasks the decisions wait for at most. */
  static final int BATCH = 16;

  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private final ScheduledThreadPoolExecutor executor;
  private final Supplier<OptionalLong> pump;
  private final LongSupplier nanoClock;
  private final AtomicInteger failedSteps = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private int undecided;
  private long timerNs;
  private ScheduledFuture<?> timer;
  private boolean stopped;

  /**
   * @param pump does what can be done now and says when to call it again if nothing happens
   */
  EngineLoop(ThreadFactory threads, Supplier<OptionalLong> pump, LongSupplier nanoClock) {
    this.pump = pump;
    this.nanoClock = nanoClock;
    this.executor = new ScheduledThreadPoolExecutor(1, threads);
    this.executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs {@code task} again and again. */
  void every(long periodMs, Runnable task) {
    executor.scheduleWithFixedDelay(() -> run(task), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  /**
   * Any thread: runs {@code task} on the loop's thread, never at once.
   *
   * @return false if the loop has ended and the task will not run
   */
  boolean run(Runnable task) {
    try {
      executor.execute(() -> step(task));
      // Afterwards: what is counted comes for sure. One that is not counted yet costs one more
      // pump.
      waiting.incrementAndGet();
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("The engine is closed", e);
      return false;
    }
  }

  private void step(Runnable task) {
    waiting.decrementAndGet();
    attempt(task);
    undecided++;
    if (waiting.get() <= 0 || undecided == BATCH) {
      undecided = 0;
      attempt(() -> pump.get().ifPresent(this::wakeAt));
    }
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      failedSteps.incrementAndGet();
      LOG.error("A step of the fetch engine failed; its readers will time out", e);
    }
  }

  /** Steps that ended with an exception: bugs, each of them. */
  int failedSteps() {
    return failedSteps.get();
  }

  private void wakeAt(long timeNs) {
    if (stopped) {
      // An executor that is shut down waits for what is due later.
      return;
    }
    if (timer != null && !timer.isDone()) {
      if (timerNs - timeNs <= 0) {
        return;
      }
      timer.cancel(false);
    }
    timerNs = timeNs;
    long delayNs = Math.max(0, timeNs - nanoClock.getAsLong());
    // A step of its own: in the timer's own run the timer would not be done yet, nor set anew.
    timer = executor.schedule(() -> run(() -> {}), delayNs, TimeUnit.NANOSECONDS);
  }

  /** For the loop's thread: it does not wake up by itself any more. */
  void stopTimer() {
    stopped = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** To be ended by the owner. */
  ScheduledThreadPoolExecutor executor() {
    return executor;
  }
}
