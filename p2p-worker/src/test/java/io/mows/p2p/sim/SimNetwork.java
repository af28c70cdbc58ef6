// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Bulk transfers as fluid flows. Every flow crosses the uplink of its sender and the downlink of
 * its receiver; rates are the max-min fair ones that TCP connections of equal round trip settle at.
 *
 * <p>Time goes in steps. Rates are worked out at the start of a step if any flow came or went
 * during the last one, so a link that falls idle stays so for up to one step: a little worse than
 * real. A flow that ends within a step ends at its exact time. The max-min rates are approached
 * from below in a few rounds: in each one, what is left of a link is shared equally among those of
 * its flows that have something left on their other link, too.
 */
public final class SimNetwork {
  private static final int ROUNDS = 6;
  private static final double ENOUGH = 0.005;

  private final EventQueue events;
  private final long stepNs;
  private final List<Flow> flows = new ArrayList<>();
  private boolean changed;
  private boolean stepping;

  public SimNetwork(EventQueue events, long stepNs) {
    this.events = events;
    this.stepNs = stepNs;
  }

  /** Starts moving {@code bytes}; {@code done} runs when the last one has left. */
  public Flow start(Link up, Link down, long bytes, Runnable done) {
    return start(up, down, Double.POSITIVE_INFINITY, bytes, done);
  }

  /**
   * As {@link #start(Link, Link, long, Runnable)}, over a connection that is limited by itself.
   *
   * @param mostBytesPerSecond what the flow moves at most
   */
  Flow start(Link up, Link down, double mostBytesPerSecond, long bytes, Runnable done) {
    Flow flow = new Flow(up, down, mostBytesPerSecond / 1e9, bytes, done);
    flows.add(flow);
    changed = true;
    if (!stepping) {
      stepping = true;
      events.after(stepNs - events.nowNs() % stepNs, this::step);
    }
    return flow;
  }

  /** The node at the end of {@code link} hangs, or does not any more. */
  public void freeze(Link link, boolean frozen) {
    link.frozen = frozen;
    changed = true;
  }

  private void step() {
    flows.removeIf(flow -> flow.over);
    if (flows.isEmpty()) {
      stepping = false;
      return;
    }
    if (changed) {
      share();
      changed = false;
    }
    for (Flow flow : flows) {
      double moved = flow.rate * stepNs;
      if (moved < flow.remaining) {
        flow.remaining -= moved;
      } else {
        long endNs = events.nowNs() + (long) Math.ceil(flow.remaining / flow.rate);
        flow.remaining = 0;
        flow.rate = 0;
        events.at(endNs, () -> end(flow));
        changed = true;
      }
    }
    events.after(stepNs, this::step);
  }

  private void end(Flow flow) {
    if (!flow.over) {
      flow.over = true;
      flow.done.run();
    }
  }

  private void share() {
    for (Flow flow : flows) {
      flow.rate = 0;
      flow.up.left = flow.up.bytesPerNs;
      flow.down.left = flow.down.bytesPerNs;
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Flow flow : flows) {
        flow.up.open = 0;
        flow.down.open = 0;
      }
      for (Flow flow : flows) {
        if (flow.isOpen()) {
          flow.up.open++;
          flow.down.open++;
        }
      }
      for (Flow flow : flows) {
        if (flow.isOpen()) {
          double share = Math.min(flow.up.left / flow.up.open, flow.down.left / flow.down.open);
          flow.more = Math.min(share, flow.most - flow.rate);
        } else {
          flow.more = 0;
        }
      }
      for (Flow flow : flows) {
        flow.rate += flow.more;
        flow.up.left -= flow.more;
        flow.down.left -= flow.more;
      }
    }
  }

  /** One direction of one node's network card. */
  public static final class Link {
    private final double bytesPerNs;
    private double left;
    private int open;
    private boolean frozen;

    public Link(double bytesPerSecond) {
      this.bytesPerNs = bytesPerSecond / 1e9;
    }
  }

  /** One transfer. */
  public static final class Flow {
    private final Link up;
    private final Link down;
    private final double most;
    private final long bytes;
    private final Runnable done;
    private double remaining;
    private double rate;
    private double more;
    private boolean over;

    Flow(Link up, Link down, double most, long bytes, Runnable done) {
      this.up = up;
      this.down = down;
      this.most = most;
      this.bytes = bytes;
      this.done = done;
      this.remaining = bytes;
    }

    private boolean isOpen() {
      return remaining > 0
          && !over
          && !isFrozen()
          && rate < most
          && up.left > ENOUGH * up.bytesPerNs
          && down.left > ENOUGH * down.bytesPerNs;
    }

    public boolean isFrozen() {
      return up.frozen || down.frozen;
    }

    /** Stops at once; {@code done} is not run. */
    public void cancel() {
      over = true;
    }

    public boolean isOver() {
      return over;
    }

    long movedBytes() {
      return bytes - (long) remaining;
    }
  }
}
