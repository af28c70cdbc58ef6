// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import java.util.PriorityQueue;

/** Virtual time: runs events in the order of their times, and of their creation at equal times. */
public final class EventQueue {
  private final PriorityQueue<Event> events = new PriorityQueue<>(1 << 12);
  private long nowNs;
  private long sequence;

  /** Time begins at 0. */
  EventQueue() {
    this(0);
  }

  /**
   * @param startNs when time begins
   */
  public EventQueue(long startNs) {
    this.nowNs = startNs;
  }

  public long nowNs() {
    return nowNs;
  }

  public void after(long delayNs, Runnable action) {
    at(nowNs + delayNs, action);
  }

  public void at(long timeNs, Runnable action) {
    events.add(new Event(Math.max(timeNs, nowNs), sequence++, action));
  }

  /** Runs the next event; returns false if there is none. */
  boolean runNext() {
    return runNext(Long.MAX_VALUE);
  }

  /** Runs the next event; returns false if there is none up to {@code endNs}. */
  public boolean runNext(long endNs) {
    Event event = events.peek();
    if (event == null || event.timeNs > endNs) {
      return false;
    }
    events.poll();
    nowNs = event.timeNs;
    event.action.run();
    return true;
  }

  public long count() {
    return sequence;
  }

  private static final class Event implements Comparable<Event> {
    private final long timeNs;
    private final long sequence;
    private final Runnable action;

    Event(long timeNs, long sequence, Runnable action) {
      this.timeNs = timeNs;
      this.sequence = sequence;
      this.action = action;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
