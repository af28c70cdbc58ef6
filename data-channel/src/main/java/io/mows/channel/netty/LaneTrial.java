// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import java.util.concurrent.TimeUnit;

/**
 * Finds out how many connections with a peer are of use, by trying: while pieces come without a
 * pause it doubles their number, and goes back if that did not bring more. Whether a connection's
 * flow is what limits, or the thread behind it, or the whole link, cannot be seen from outside.
 *
 * <p>What counts is what comes from all peers together: on a link that is full, more connections
 * with one peer only take from the others. So one peer at a time is tried ({@link Turn}).
 *
 * <p>Pure code, for one thread.
 */
final class LaneTrial {
  static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A new connection is slow at first. */
  static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /** They come within that, or never. */
  static final long OPENING_NS = TimeUnit.SECONDS.toNanos(3);

  static final long MIN_PAUSE_NS = TimeUnit.SECONDS.toNanos(10);
  static final long MAX_PAUSE_NS = TimeUnit.MINUTES.toNanos(5);

  /** Twice as many must bring a quarter more: less may be chance. */
  static final double LEAST_GAIN = 0.25;

  private enum Phase {
    MEASURING,
    OPENING,
    SETTLING,
    TRYING
  }

  private final int max;
  private final Turn turn;
  private Phase phase = Phase.MEASURING;
  private int width = 1;
  private int tried;
  private long sinceNs;
  private long sinceBytes;
  private boolean running;
  private double lastRate;
  private double baseRate;
  private long pauseNs = MIN_PAUSE_NS;
  private boolean paused;
  private long pausedUntilNs;

  /**
   * @param max connections at most
   */
  LaneTrial(int max, Turn turn) {
    this.max = max;
    this.turn = turn;
  }

  /**
   * To be called some times a second.
   *
   * @param receivedBytes what has come of pieces from all peers, ever
   * @param busy whether pieces have been on their way from this peer since the last call
   * @param open how many connections with it there are
   * @return how many of them to use from now on
   */
  int update(long nowNs, long receivedBytes, boolean busy, int open) {
    if (!busy) {
      reset();
      return width;
    }
    if (!running) {
      running = true;
      begin(Phase.MEASURING, nowNs, receivedBytes);
    }
    long passedNs = nowNs - sinceNs;
    switch (phase) {
      case MEASURING:
        if (passedNs >= WINDOW_NS) {
          measured(nowNs, receivedBytes);
        }
        break;
      case OPENING:
        if (open >= tried) {
          begin(Phase.SETTLING, nowNs, receivedBytes);
        } else if (passedNs >= OPENING_NS) {
          giveUp(nowNs, receivedBytes);
        }
        break;
      case SETTLING:
        if (passedNs >= SETTLE_NS) {
          begin(Phase.TRYING, nowNs, receivedBytes);
        }
        break;
      case TRYING:
        if (passedNs >= WINDOW_NS) {
          judge(nowNs, receivedBytes);
        }
        break;
    }
    return phase == Phase.MEASURING ? width : tried;
  }

  private void begin(Phase next, long nowNs, long receivedBytes) {
    phase = next;
    sinceNs = nowNs;
    sinceBytes = receivedBytes;
  }

  private double rate(long nowNs, long receivedBytes) {
    return (receivedBytes - sinceBytes) / (double) (nowNs - sinceNs);
  }

  private void measured(long nowNs, long receivedBytes) {
    double rate = rate(nowNs, receivedBytes);
    // The better of two, for what has just begun becomes faster by itself.
    boolean enough = lastRate > 0;
    baseRate = Math.max(lastRate, rate);
    lastRate = rate;
    boolean mayTry = enough && width < max && !(paused && nowNs - pausedUntilNs < 0);
    if (mayTry && turn.take(this)) {
      tryMore(nowNs, receivedBytes);
    } else {
      begin(Phase.MEASURING, nowNs, receivedBytes);
    }
  }

  private void tryMore(long nowNs, long receivedBytes) {
    tried = Math.min(max, 2 * width);
    begin(Phase.OPENING, nowNs, receivedBytes);
  }

  private void judge(long nowNs, long receivedBytes) {
    double rate = rate(nowNs, receivedBytes);
    double wanted = baseRate * (1 + LEAST_GAIN * ((double) tried / width - 1));
    if (rate < wanted) {
      giveUp(nowNs, receivedBytes);
      return;
    }
    width = tried;
    pauseNs = MIN_PAUSE_NS;
    baseRate = rate;
    lastRate = rate;
    if (width < max) {
      tryMore(nowNs, receivedBytes);
    } else {
      turn.give(this);
      begin(Phase.MEASURING, nowNs, receivedBytes);
    }
  }

  private void giveUp(long nowNs, long receivedBytes) {
    paused = true;
    pausedUntilNs = nowNs + pauseNs;
    pauseNs = Math.min(MAX_PAUSE_NS, 2 * pauseNs);
    turn.give(this);
    begin(Phase.MEASURING, nowNs, receivedBytes);
  }

  /** What was found stays: it is the network's nature, and soon there are pieces again. */
  private void reset() {
    running = false;
    lastRate = 0;
    phase = Phase.MEASURING;
    turn.give(this);
  }

  /** The connection is gone. */
  void end() {
    reset();
  }

  /** Whose turn it is among the peers of one worker. Thread-safe. */
  interface Turn {
    /** Takes the turn, if nobody has it; true as well if {@code trial} has it. */
    boolean take(LaneTrial trial);

    /** Gives it back, if {@code trial} has it. */
    void give(LaneTrial trial);
  }
}
