// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's one thread, {@code mows-fetch}: after its tasks it does what has become possible,
 * and it wakes up by itself when the decisions want to be asked again. It does that once for up to
 * {@link #BATCH} tasks that wait: to decide takes longer than to take note of what a peer says, and
 * on a busy machine many do at once.
 *
 * <p>A queue without a lock and a thread that sleeps only when it is empty: there are dozens of
 * tasks for each piece, and an executor that can also schedule takes longer over each of them than
 * the task does. To sleep and wake for each of them costs more than that: while much happens, what
 * nobody waits for is left for a moment, until there is more of it ({@link LoopRest},
 * docs/adr/0030).
 */
public final class FetchLoop {
  /** How many tasks the decisions wait for at most. */
  public static final int BATCH = 256;

  /** So many tasks happen at one time: they take a microsecond each. */
  private static final int TASKS_AT_A_TIME = 8;

  private static final long LONGEST_SLEEP_NS = TimeUnit.SECONDS.toNanos(60);

  private static final Logger LOG = LoggerFactory.getLogger(FetchLoop.class);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Periodic> periodic = new ArrayList<>();
  private final Runnable tick;
  private final Supplier<OptionalLong> pump;
  private final LongSupplier nanoClock;
  private final AtomicInteger failedSteps = new AtomicInteger();
  private final Thread thread;
  private final LoopRest rest = new LoopRest(LoopRest.Parking.MACHINE);
  private final BooleanSupplier isAnything = this::isAnything;
  private final Runnable decision = this::pump;
  private volatile boolean isEnding;
  private int undecided;
  private boolean isTimerSet;

  /** By the clock of the decisions, and by the machine's. */
  private long timerNs;

  private long dueNs;
  private boolean isStopped;

  /**
   * Call {@link #every} as often as need be, then {@link #start}.
   *
   * @param tick takes note of the time, before a decision and some tasks
   * @param pump does what can be done now and says when to call it again if nothing happens
   */
  public FetchLoop(
      ThreadFactory threads, Runnable tick, Supplier<OptionalLong> pump, LongSupplier nanoClock) {
    this.tick = tick;
    this.pump = pump;
    this.nanoClock = nanoClock;
    this.thread = threads.newThread(this::loop);
  }

  /** Runs {@code task} again and again. */
  public void every(long periodMs, Runnable task) {
    periodic.add(new Periodic(TimeUnit.MILLISECONDS.toNanos(periodMs), task));
  }

  public void start() {
    thread.start();
  }

  /**
   * Any thread: runs {@code task} on the loop's thread, never at once.
   *
   * @return false if the loop has ended and the task will not run
   */
  public boolean run(Runnable task) {
    boolean taken = add(task);
    if (taken) {
      rest.end(thread);
    }
    return taken;
  }

  /**
   * Any thread: as {@link #run}, a task that nobody waits for. While much happens, it may run up to
   * {@link LoopRest#NAP_NS} later.
   */
  public boolean runSoon(Runnable task) {
    boolean taken = add(task);
    if (taken) {
      rest.endSleep(thread);
    }
    return taken;
  }

  private boolean add(Runnable task) {
    if (!isEnding) {
      tasks.add(task);
      // The end may have come in between: then it is done by the loop, or taken back, never both.
      if (!isEnding || !tasks.remove(task)) {
        return true;
      }
    }
    LOG.debug("The engine is closed");
    return false;
  }

  private void loop() {
    for (boolean goesOn = true; goesOn; ) {
      boolean wasEnding = isEnding;
      Runnable task = tasks.poll();
      if (task != null) {
        step(task);
      }
      if (task == null) {
        goesOn = !wasEnding || undecided > 0;
        decideIfDue(1);
        sleep();
        runDue();
      } else if (undecided >= BATCH) {
        decide();
        runDue();
      }
    }
  }

  private void decideIfDue(int most) {
    if (undecided >= most) {
      decide();
    }
  }

  private void step(Runnable task) {
    if (undecided % TASKS_AT_A_TIME == 0) {
      tick.run();
    }
    attempt(task);
    undecided++;
  }

  private void decide() {
    undecided = 0;
    tick.run();
    attempt(decision);
  }

  private void pump() {
    OptionalLong again = pump.get();
    if (again.isPresent()) {
      wakeAt(again.getAsLong());
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

  /** Until there is a task, or something is due; for a moment also if there is one. */
  private void sleep() {
    long nowNs = System.nanoTime();
    rest.begin(isAnything, nowNs, nextDueNs(nowNs));
  }

  private boolean isAnything() {
    return isEnding || !tasks.isEmpty();
  }

  private long nextDueNs(long nowNs) {
    long nextNs = nowNs + LONGEST_SLEEP_NS;
    if (isTimerSet && dueNs - nextNs < 0) {
      nextNs = dueNs;
    }
    for (int i = 0; i < periodic.size(); i++) {
      long partNs = periodic.get(i).dueNs;
      nextNs = partNs - nextNs < 0 ? partNs : nextNs;
    }
    return nextNs;
  }

  private void runDue() {
    long nowNs = System.nanoTime();
    if (isTimerSet && dueNs - nowNs <= 0) {
      isTimerSet = false;
      undecided++;
    }
    for (Periodic part : periodic) {
      if (part.dueNs - nowNs <= 0 && !isEnding) {
        step(part.task);
        part.dueNs = System.nanoTime() + part.periodNs;
      }
    }
    decideIfDue(BATCH);
  }

  /** Steps that ended with an exception: bugs, each of them. */
  public int failedSteps() {
    return failedSteps.get();
  }

  private void wakeAt(long timeNs) {
    if (!isTimerSet || timerNs - timeNs > 0) {
      timerNs = timeNs;
      dueNs = System.nanoTime() + Math.max(0, timeNs - nanoClock.getAsLong());
      isTimerSet = !isStopped;
    }
  }

  /** For the loop's thread: it does not wake up by itself any more. */
  public void stopTimer() {
    isStopped = true;
    isTimerSet = false;
  }

  /**
   * Takes no more tasks; waits until those that it has taken are done and the thread has ended, or
   * for ten seconds. Not for the loop's thread.
   */
  public void shutDown() {
    isEnding = true;
    rest.end(thread);
    try {
      thread.join(NamedThreads.SHUTDOWN_MS);
      if (thread.isAlive()) {
        LOG.warn("{} did not end within {} ms", thread.getName(), NamedThreads.SHUTDOWN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Periodic {
    private final long periodNs;
    private final Runnable task;
    private long dueNs;

    public Periodic(long periodNs, Runnable task) {
      this.periodNs = periodNs;
      this.task = task;
      this.dueNs = System.nanoTime() + periodNs;
    }
  }
}
