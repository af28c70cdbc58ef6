// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * While pieces come from a peer, has as many connections used as {@link LaneTrial} finds good. Does
 * nothing otherwise. For the first connection's thread, but for {@link #wake}.
 */
final class LaneWatch {
  private static final long TICK_MS = 100;

  /** Between two pieces there may be a moment without one. */
  private static final int IDLE_TICKS = 3;

  private final Lanes lanes;
  private final Counters counters;
  private final EventLoop loop;
  private final LaneTrial trial;
  private final AtomicBoolean awake = new AtomicBoolean();
  private int idleTicks;
  private boolean ended;

  LaneWatch(Lanes lanes, Counters counters, EventLoop loop, LaneTrial trial) {
    this.lanes = lanes;
    this.counters = counters;
    this.loop = loop;
    this.trial = trial;
  }

  /** There is a request. Any thread. */
  void wake() {
    if (!awake.get() && awake.compareAndSet(false, true)) {
      later();
    }
  }

  private void later() {
    try {
      loop.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The connection is gone, and its thread with it.
    }
  }

  private void tick() {
    if (ended) {
      return;
    }
    idleTicks = lanes.openRequests() > 0 ? 0 : idleTicks + 1;
    boolean busy = idleTicks < IDLE_TICKS;
    long receivedBytes = counters.get(ChannelCount.BYTES_RECEIVED);
    lanes.use(trial.update(System.nanoTime(), receivedBytes, busy, lanes.open()), busy);
    if (busy) {
      later();
      return;
    }
    awake.set(false);
    if (lanes.openRequests() > 0) {
      wake();
    }
  }

  /** The first connection is gone. */
  void end() {
    ended = true;
    trial.end();
  }
}
