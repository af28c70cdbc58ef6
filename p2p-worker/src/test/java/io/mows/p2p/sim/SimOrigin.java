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
import java.util.function.IntConsumer;

/** What one node reads from the origin: the real decisions over simulated connections. */
final class SimOrigin {
  private static final long SWEEP_NS = Scenario.ms(100);

  private final SimWorld world;
  private final Link down;
  private final IntConsumer pieceEnded;
  private final RangeQueue<Integer> queue;
  private final Map<Range<Integer>, Flow> flows = new LinkedHashMap<>();
  private long endedBytes;
  private boolean sweeping;

  /**
   * @param pieceEnded told when all bytes of a piece are here
   */
  SimOrigin(SimWorld world, Link down, IntConsumer pieceEnded) {
    this.world = world;
    this.down = down;
    this.pieceEnded = pieceEnded;
    this.queue = new RangeQueue<>(world.scenario.originStreams, world.scenario.pieceBytes);
  }

  int width() {
    return queue.piecesWanted();
  }

  void read(int piece) {
    queue.add(piece, world.scenario.pieceBytes, true);
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
      world.events.after(SWEEP_NS, this::sweep);
    }
  }

  private void update() {
    long moved = flows.values().stream().mapToLong(Flow::movedBytes).sum();
    queue.update(world.nowNs(), endedBytes + moved);
  }

  private void pump() {
    for (Optional<Range<Integer>> n = queue.next(); n.isPresent(); n = queue.next()) {
      Range<Integer> range = n.get();
      Flow flow =
          world.network.start(
              world.originUp,
              down,
              world.scenario.originConnectionBytesPerSecond,
              range.lengthBytes(),
              () -> world.events.after(world.scenario.originLatencyNs, () -> ended(range)));
      flows.put(range, flow);
      queue.begun(range, world.nowNs());
    }
  }

  private void ended(Range<Integer> range) {
    Flow flow = flows.remove(range);
    if (flow == null) {
      return;
    }
    count(flow);
    if (queue.ended(range, world.nowNs())) {
      pieceEnded.accept(range.piece());
    }
    update();
    pump();
  }

  private void count(Flow flow) {
    world.originBytes += flow.movedBytes();
    endedBytes += flow.movedBytes();
  }

  void cancel(int piece) {
    queue.remove(piece);
    for (Range<Integer> range : new ArrayList<>(flows.keySet())) {
      if (range.piece() == piece) {
        drop(range);
      }
    }
    pump();
  }

  /** The node is no more. */
  void stop() {
    queue.removeAll();
    List<Range<Integer>> all = new ArrayList<>(flows.keySet());
    all.forEach(this::drop);
  }

  private void drop(Range<Integer> range) {
    Flow flow = flows.remove(range);
    flow.cancel();
    count(flow);
    queue.failed(range, world.nowNs());
  }
}
