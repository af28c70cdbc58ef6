// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.ChannelCount;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the RDMA connections of one worker have in common: the device, the memory, what is known of
 * the peers, and some threads that dial, because that blocks. Thread-safe.
 */
final class RdmaCommons {
  /** Queue pairs in each direction between two workers at most. */
  static final int MAX_LANES = 8;

  private static final Logger LOG = LoggerFactory.getLogger(RdmaCommons.class);
  private static final int DIAL_TIMEOUT_MS = 3_000;
  private static final int DIALLERS = 4;
  private static final int MAX_HEALTHS = 10_000;

  private final Verbs verbs;
  private final Verbs.Domain domain;
  private final int lanesPerPeer;
  private final ObjLongConsumer<ChannelCount> counters;
  private final Arena arena;
  private final ByteBudget grantBudget;
  private final ReadsUnderWay reads = new ReadsUnderWay();
  private final Map<String, PeerHealth> healths = new ConcurrentHashMap<>();
  private final AtomicBoolean saidNoGrant = new AtomicBoolean();
  private final ThreadPoolExecutor diallers;

  /**
   * @param verbs taken over
   * @param domain for what is read into; taken over
   * @param memoryBytes what may be registered: half of it to read into, half to be read from
   */
  RdmaCommons(
      Verbs verbs,
      Verbs.Domain domain,
      int lanesPerPeer,
      long memoryBytes,
      ObjLongConsumer<ChannelCount> counters) {
    this.verbs = verbs;
    this.domain = domain;
    this.lanesPerPeer = Math.min(lanesPerPeer, MAX_LANES);
    this.counters = counters;
    this.arena = new Arena(domain, memoryBytes / 2);
    this.grantBudget = new ByteBudget(memoryBytes / 2);
    this.diallers =
        new ThreadPoolExecutor(
            DIALLERS,
            DIALLERS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("mows-rdma-dial", true));
    diallers.allowCoreThreadTimeOut(true);
  }

  Verbs verbs() {
    return verbs;
  }

  /** What is read into. */
  Arena arena() {
    return arena;
  }

  /** What may be read by peers. */
  ByteBudget grantBudget() {
    return grantBudget;
  }

  ReadsUnderWay reads() {
    return reads;
  }

  int lanesPerPeer() {
    return lanesPerPeer;
  }

  /** What is known of a peer outlives its connections. */
  PeerHealth health(String peerId) {
    if (healths.size() > MAX_HEALTHS) {
      healths.clear(); // Peers come and go under new names; at worst some are tried too early.
    }
    return healths.computeIfAbsent(peerId, id -> new PeerHealth());
  }

  /**
   * Dials on another thread.
   *
   * @param done gets a queue pair or why there is none
   */
  void dial(GrantCodec.Offer offer, BiConsumer<Verbs.QueuePair, String> done) {
    try {
      diallers.execute(
          () -> {
            try {
              done.accept(
                  verbs.dial(
                      offer.address(), offer.token(), domain, ReadQueuePair.DEPTH, DIAL_TIMEOUT_MS),
                  null);
            } catch (IOException | RuntimeException e) {
              done.accept(null, offer.address() + ": " + e.getMessage());
            }
          });
    } catch (RejectedExecutionException e) {
      done.accept(null, "RDMA is shut down");
    }
  }

  void turnedOff(String peerId, String reason) {
    counters.accept(ChannelCount.RDMA_TURNED_OFF, 1);
    LOG.warn(
        "RDMA with {} is off for {} s, TCP brings its pieces; the last of {} failures: {}",
        peerId,
        TimeUnit.NANOSECONDS.toSeconds(PeerHealth.OFF_NS),
        PeerHealth.MAX_FAILURES,
        reason);
  }

  /** A piece could not be granted, and goes over TCP. */
  void grantFailed(Exception e) {
    if (saidNoGrant.compareAndSet(false, true)) {
      LOG.warn(
          "A piece could not be granted for RDMA and goes over TCP: {}. If memory is what is"
              + " missing, raise the limit of locked memory (ulimit -l). Later ones are not"
              + " logged",
          e.toString());
    }
  }

  /** Nobody is dialled any more; returns whether all who dial are done within {@code timeoutMs}. */
  boolean endDialling(long timeoutMs) throws InterruptedException {
    diallers.shutdown();
    return diallers.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Gives up the memory and the device. Whoever used them has ended. */
  void destroy() {
    arena.close();
    domain.close();
    verbs.close();
  }
}
