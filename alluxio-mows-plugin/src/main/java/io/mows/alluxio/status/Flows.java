// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much each peer has sent to this worker, and how fast it sends now: over the last {@value
 * #TICKS} ticks. Thread-safe.
 */
public final class Flows {
  private static final int TICKS = 4;

  /** Peers that were never seen again do not grow without end. */
  private static final int MAX_PEERS = 10_000;

  private final Map<Long, LongAdder> totals = new ConcurrentHashMap<>();
  private final Map<Long, Deque<Long>> before = new ConcurrentHashMap<>();
  private final Deque<Long> timesNs = new ArrayDeque<>();

  /** A peer has sent a piece. */
  public void received(long peerId, int bytes) {
    LongAdder total = totals.get(peerId);
    if (total == null) {
      if (totals.size() >= MAX_PEERS) {
        return;
      }
      total = totals.computeIfAbsent(peerId, id -> new LongAdder());
    }
    total.add(bytes);
  }

  /** To be called at a steady pace. */
  synchronized void tick(long nowNs) {
    timesNs.add(nowNs);
    if (timesNs.size() > TICKS) {
      timesNs.remove();
    }
    totals.forEach(
        (peer, total) -> {
          Deque<Long> samples = before.computeIfAbsent(peer, id -> new ArrayDeque<>());
          samples.add(total.sum());
          if (samples.size() > TICKS) {
            samples.remove();
          }
        });
  }

  /** The peers that have sent anything: those that send most now first, {@code max} at most. */
  synchronized List<Flow> now(int max) {
    List<Flow> flows = new ArrayList<>();
    totals.forEach((peer, total) -> flows.add(new Flow(peer, total.sum(), rate(peer))));
    flows.sort(
        Comparator.comparingLong(Flow::bytesPerSecond)
            .thenComparingLong(Flow::bytes)
            .reversed()
            .thenComparingLong(Flow::peerId));
    return flows.size() > max ? List.copyOf(flows.subList(0, max)) : flows;
  }

  private long rate(long peer) {
    Deque<Long> samples = before.get(peer);
    if (samples == null || timesNs.size() < 2) {
      return 0;
    }
    // A peer that is new has sent nothing before.
    long first = samples.size() < timesNs.size() ? 0 : samples.peekFirst();
    double seconds = (timesNs.peekLast() - timesNs.peekFirst()) / 1e9;
    return seconds <= 0 ? 0 : (long) ((samples.peekLast() - first) / seconds);
  }

  /** What one peer sends. Immutable. */
  static final class Flow {
    private final long peerId;
    private final long bytes;
    private final long bytesPerSecond;

    private Flow(long peerId, long bytes, long bytesPerSecond) {
      this.peerId = peerId;
      this.bytes = bytes;
      this.bytesPerSecond = bytesPerSecond;
    }

    /** As {@code PeerInfo.idHash} says. */
    long peerId() {
      return peerId;
    }

    long bytes() {
      return bytes;
    }

    long bytesPerSecond() {
      return bytesPerSecond;
    }
  }
}
