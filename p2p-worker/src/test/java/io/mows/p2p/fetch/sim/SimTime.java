// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The time and the chance of a simulated world. The same seed gives the same world. */
final class SimTime {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final Random random;
  private long nowNs = TimeUnit.HOURS.toNanos(1);
  private long added;

  SimTime(long seed) {
    this.random = new Random(seed);
  }

  long nowNs() {
    return nowNs;
  }

  int chance(int bound) {
    return random.nextInt(bound);
  }

  /** Whether one of {@code times} draws is won. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** From 0 to {@code maxMs}, mostly little. */
  long someNs(int maxMs) {
    double x = random.nextDouble();
    return (long) (x * x * x * TimeUnit.MILLISECONDS.toNanos(maxMs));
  }

  void later(long delayNs, Runnable task) {
    tasks.add(new Task(nowNs + Math.max(0, delayNs), added++, task));
  }

  /** Lets the next thing happen; returns false if there is none before {@code endNs}. */
  boolean step(long endNs) {
    Task task = tasks.peek();
    if (task == null || task.timeNs - endNs > 0) {
      return false;
    }
    tasks.poll();
    nowNs = task.timeNs;
    task.action.run();
    return true;
  }

  private static final class Task implements Comparable<Task> {
    private final long timeNs;
    private final long number;
    private final Runnable action;

    Task(long timeNs, long number, Runnable action) {
      this.timeNs = timeNs;
      this.number = number;
      this.action = action;
    }

    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
