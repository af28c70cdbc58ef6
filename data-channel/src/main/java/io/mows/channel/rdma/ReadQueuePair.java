// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One queue pair to read with, and what is under way on it. For the connection's thread. */
final class ReadQueuePair {
  /** READs that are under way at once: the credits of a lane. */
  static final int DEPTH = 64;

  private final Verbs.QueuePair pair;
  private final Map<Long, ReadOp> underWay = new LinkedHashMap<>();
  private final List<ReadOp> batch = new ArrayList<>();
  private int credits = DEPTH;
  private long outstandingBytes;

  ReadQueuePair(Verbs.QueuePair pair) {
    this.pair = pair;
  }

  boolean hasCreditsFor(ReadOp op) {
    return op.reads().size() <= credits;
  }

  long outstandingBytes() {
    return outstandingBytes;
  }

  /** Adds to what {@link #post} posts. */
  void add(ReadOp op, long deadlineNs) {
    credits -= op.reads().size();
    outstandingBytes += op.lengthBytes();
    op.posted(deadlineNs);
    underWay.put(op.id(), op);
    batch.add(op);
  }

  /** Posts all that was added, at once. */
  void post() throws IOException {
    List<Verbs.Read> reads = new ArrayList<>();
    batch.forEach(op -> reads.addAll(op.reads()));
    batch.clear();
    if (!reads.isEmpty()) {
      pair.post(reads);
    }
  }

  boolean has(ReadOp op) {
    return underWay.containsKey(op.id());
  }

  /** All READs of it have completed. */
  void completed(ReadOp op) {
    underWay.remove(op.id());
    credits += op.reads().size();
    outstandingBytes -= op.lengthBytes();
    op.settled();
  }

  /** Ends the queue pair, and only then lets go of the slabs. Returns what was under way. */
  List<ReadOp> close() {
    pair.close();
    List<ReadOp> left = new ArrayList<>(underWay.values());
    underWay.clear();
    left.forEach(ReadOp::settled);
    return left;
  }
}
