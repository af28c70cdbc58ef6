// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.netty.BulkLink;
import io.mows.channel.wire.ProtocolException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The side of a connection that reads. For the connection's thread, but for {@link #onLoop}. */
final class RdmaReader {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaReader.class);
  private static final int READ_TIMEOUT_MS = 10_000;

  private final RdmaCommons commons;
  private final String peerId;
  private final Executor loop;
  private final PeerHealth health;
  private final List<ReadQueuePair> lanes = new ArrayList<>();
  private final Deque<ReadOp> waiting = new ArrayDeque<>();
  private GrantCodec.Offer offer;
  private int dialling;
  private boolean postScheduled;
  private boolean closed;

  RdmaReader(RdmaCommons commons, String peerId, Executor loop) {
    this.commons = commons;
    this.peerId = peerId;
    this.loop = loop;
    this.health = commons.health(peerId);
  }

  void offered(byte[] encoded) throws ProtocolException {
    offer = GrantCodec.decodeOffer(encoded);
    dial();
  }

  boolean canReceive(int lengthBytes) {
    if (lanes.isEmpty()) {
      dial();
      return false;
    }
    return health.mayTry(System.nanoTime()) && commons.arena().hasRoomFor(lengthBytes);
  }

  boolean isConnected() {
    return !lanes.isEmpty();
  }

  /** Dials as many lanes as are missing, if it is worth a try. */
  private void dial() {
    if (closed || offer == null || dialling > 0 || !health.mayTry(System.nanoTime())) {
      return;
    }
    dialling = commons.lanesPerPeer() - lanes.size();
    for (int i = 0; i < dialling; i++) {
      commons.dial(offer, (pair, failure) -> onDialled(pair, failure));
    }
  }

  private void onDialled(Verbs.QueuePair pair, String failure) {
    try {
      loop.execute(() -> dialled(pair, failure));
    } catch (RejectedExecutionException e) {
      // The connection has ended, and its thread.
      if (pair != null) {
        pair.close();
      }
    }
  }

  private void dialled(Verbs.QueuePair pair, String failure) {
    dialling--;
    if (closed) {
      if (pair != null) {
        pair.close();
      }
    } else if (pair == null) {
      failed("no RDMA connection: " + failure);
    } else {
      lanes.add(new ReadQueuePair(pair));
      LOG.info("RDMA lane {} to {} is up", lanes.size(), peerId);
    }
  }

  void receive(byte[] grant, int lengthBytes, BulkLink.Receiver receiver) throws ProtocolException {
    List<GrantCodec.Part> parts = GrantCodec.decodeGrant(grant, lengthBytes);
    Slab slab;
    try {
      slab = commons.arena().acquire(lengthBytes);
    } catch (IOException e) {
      failed(e.getMessage());
      slab = null;
    }
    if (slab == null) {
      onLoop(() -> receiver.failed("no registered memory is free"));
      return;
    }
    waiting.add(new ReadOp(commons.reads().nextId(), slab, parts, lengthBytes, receiver));
    if (!postScheduled) {
      // What else has come by now is posted together.
      postScheduled = true;
      onLoop(this::post);
    }
  }

  private void post() {
    postScheduled = false;
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READ_TIMEOUT_MS);
    while (!waiting.isEmpty()) {
      ReadQueuePair lane = laneFor(waiting.element());
      if (lane == null) {
        break;
      }
      ReadOp op = waiting.remove();
      lane.add(op, deadlineNs);
      commons.reads().started(op.id(), new OpWaiter(op));
    }
    for (ReadQueuePair lane : new ArrayList<>(lanes)) {
      try {
        lane.post();
      } catch (IOException e) {
        laneFailed(lane, e.getMessage());
      }
    }
    if (lanes.isEmpty()) {
      failWaiting("there is no RDMA connection any more");
    }
  }

  /** The one with the least to do; null if all have as much as they take. */
  private ReadQueuePair laneFor(ReadOp op) {
    ReadQueuePair best = null;
    for (ReadQueuePair lane : lanes) {
      boolean better = best == null || lane.outstandingBytes() < best.outstandingBytes();
      if (better && lane.hasCreditsFor(op)) {
        best = lane;
      }
    }
    return best;
  }

  /** The READs of an operation have ended. */
  private void completed(ReadOp op, String error) {
    ReadQueuePair lane = laneOf(op);
    if (lane == null) {
      return; // It failed with its lane.
    }
    if (error != null) {
      laneFailed(lane, error);
      return;
    }
    commons.reads().ended(op.id());
    lane.completed(op);
    health.succeeded();
    op.succeed();
    post();
  }

  /** An operation takes too long. */
  private void overdue(ReadOp op) {
    ReadQueuePair lane = laneOf(op);
    if (lane != null) {
      laneFailed(lane, "a READ did not end in " + READ_TIMEOUT_MS + " ms");
    }
  }

  private ReadQueuePair laneOf(ReadOp op) {
    for (ReadQueuePair lane : lanes) {
      if (lane.has(op)) {
        return lane;
      }
    }
    return null;
  }

  private void laneFailed(ReadQueuePair lane, String reason) {
    lanes.remove(lane);
    closeLane(lane, reason);
    failed(reason);
    if (lanes.isEmpty()) {
      failWaiting(reason);
    }
  }

  private void closeLane(ReadQueuePair lane, String reason) {
    for (ReadOp op : lane.close()) {
      commons.reads().ended(op.id());
      op.fail(reason);
    }
  }

  private void failWaiting(String reason) {
    while (!waiting.isEmpty()) {
      waiting.remove().fail(reason);
    }
  }

  private void failed(String reason) {
    if (health.failed(System.nanoTime())) {
      commons.turnedOff(peerId, reason);
    } else {
      LOG.info("RDMA with {} failed: {}", peerId, reason);
    }
  }

  /** Runs a task on the connection's thread; for any thread. */
  void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The connection has ended, and with it what this was about.
    }
  }

  void close() {
    closed = true;
    List<ReadQueuePair> open = new ArrayList<>(lanes);
    lanes.clear();
    open.forEach(lane -> closeLane(lane, "the connection has ended"));
    failWaiting("the connection has ended");
  }

  /** Passes on to the connection's thread how an operation ends. */
  private final class OpWaiter implements ReadsUnderWay.Waiter {
    private final ReadOp op;

    OpWaiter(ReadOp op) {
      this.op = op;
    }

    @Override
    public boolean isOverdue(long nowNs) {
      return op.isOverdue(nowNs);
    }

    @Override
    public void overdue() {
      onLoop(() -> RdmaReader.this.overdue(op));
    }

    @Override
    public void completed(String error) {
      onLoop(() -> RdmaReader.this.completed(op, error));
    }
  }
}
