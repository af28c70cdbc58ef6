// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.sim.EventQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The time and the chance of a simulated world. The same seed gives the same world. */
final class SimTime {
  private final EventQueue events = new EventQueue(TimeUnit.HOURS.toNanos(1));
  private final Random random;

  SimTime(long seed) {
    this.random = new Random(seed);
  }

  EventQueue events() {
    return events;
  }

  long nowNs() {
    return events.nowNs();
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
    events.after(Math.max(0, delayNs), task);
  }

  /** Lets the next thing happen; returns false if there is none before {@code endNs}. */
  boolean step(long endNs) {
    return events.runNext(endNs);
  }

  /** From 0 up to 1. */
  double share() {
    return random.nextDouble();
  }
}
