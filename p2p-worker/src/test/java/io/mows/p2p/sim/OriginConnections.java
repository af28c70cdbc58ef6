// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.origin.RangeQueue;
import io.mows.p2p.origin.RangeQueue.Range;
import io.mows.p2p.sim.SimNetwork.Flow;
import io.mows.p2p.sim.SimNetwork.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What one node reads from the origin: the real decisions over simulated connections.
 *
 * @param <P> what a piece is to the node
 */
public final class OriginConnections<P> {
  private static final long SWEEP_NS = Scenario.ms(100);

  private final EventQueue events;
  private final SimNetwork network;
  private final Scenario scenario;
  private final Link originUp;
  private final Link down;
  private final Consumer<P> pieceEnded;
  private final LongConsumer moved;
  private final RangeQueue<P> queue;
  private final Map<Range<P>, Flow> flows = new LinkedHashMap<>();
  private long endedBytes;
  private boolean sweeping;

  /**
   * @param pieceEnded told when all bytes of a piece are here
   * @param moved told how many bytes the origin has sent, also of what was called off
   */
  public OriginConnections(
      EventQueue events,
      SimNetwork network,
      Scenario scenario,
      Link originUp,
      Link down,
      Consumer<P> pieceEnded,
      LongConsumer moved) {
    this.events = events;
    this.network = network;
    this.scenario = scenario;
    this.originUp = originUp;
    this.down = down;
    this.pieceEnded = pieceEnded;
    this.moved = moved;
    this.queue = new RangeQueue<>(scenario.originStreams, scenario.pieceBytes);
  }

  public int width() {
    return queue.piecesWanted();
  }

  public void read(P piece) {
    queue.add(piece, scenario.pieceBytes, true);
    pump();
    if (!sweeping) {
      sweeping = true;
      sweep();
    }
  }

  private void sweep() {
    update();
    pump();
    sweeping = !flows.isEmpty();
    if (sweeping) {
      events.after(SWEEP_NS, this::sweep);
    }
  }

  private void update() {
    long underWay = flows.values().stream().mapToLong(Flow::movedBytes).sum();
    queue.update(events.nowNs(), endedBytes + underWay);
  }

  private void pump() {
    for (Optional<Range<P>> n = queue.next(); n.isPresent(); n = queue.next()) {
      Range<P> range = n.get();
      Flow flow =
          network.start(
              originUp,
              down,
              scenario.originConnectionBytesPerSecond,
              range.lengthBytes(),
              () -> events.after(scenario.originLatencyNs, () -> ended(range)));
      flows.put(range, flow);
      queue.begun(range, events.nowNs());
    }
  }

  private void ended(Range<P> range) {
    Flow flow = flows.remove(range);
    if (flow == null) {
      return;
    }
    count(flow);
    if (queue.ended(range, events.nowNs())) {
      pieceEnded.accept(range.piece());
    }
    update();
    pump();
  }

  private void count(Flow flow) {
    moved.accept(flow.movedBytes());
    endedBytes += flow.movedBytes();
  }

  public void cancel(P piece) {
    queue.remove(piece);
    for (Range<P> range : new ArrayList<>(flows.keySet())) {
      if (range.piece().equals(piece)) {
        drop(range);
      }
    }
    pump();
  }

  /** The node is no more. */
  public void stop() {
    queue.removeAll();
    List<Range<P>> all = new ArrayList<>(flows.keySet());
    all.forEach(this::drop);
  }

  private void drop(Range<P> range) {
    Flow flow = flows.remove(range);
    flow.cancel();
    count(flow);
    queue.failed(range, events.nowNs());
  }
}
