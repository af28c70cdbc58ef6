// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.ChannelCount;
import io.mows.channel.netty.BulkLink;
import io.mows.channel.netty.BulkPath;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the RDMA connections of one worker have in common: the device, the memory, and the threads
 * that wait for it. Thread-safe.
 *
 * <p>Two threads sleep until the device has something to say and pass it on to the thread of the
 * connection that it is about; some more dial, because that blocks. Everything else happens on the
 * threads of the connections.
 */
final class RdmaPath implements BulkPath {
  /** Bit 0 of the capabilities. */
  static final int CAPABILITY = 1;

  /** Queue pairs in each direction between two workers at most. */
  static final int MAX_LANES = 8;

  static final int READ_TIMEOUT_MS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(RdmaPath.class);
  private static final int DIAL_TIMEOUT_MS = 3_000;
  private static final int DIALLERS = 4;
  private static final int WAKE_UP_MS = 100;
  private static final int CLOSE_TIMEOUT_MS = 5_000;
  private static final int MAX_HEALTHS = 10_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Verbs verbs;
  private final int lanesPerPeer;
  private final ObjLongConsumer<ChannelCount> counters;
  private final Verbs.Domain domain;
  private final Arena arena;
  private final ByteBudget grantBudget;
  private final Map<ByteBuffer, RdmaLink> invited = new ConcurrentHashMap<>();
  private final Map<Verbs.Incoming, RdmaLink> accepted = new ConcurrentHashMap<>();
  private final Map<Long, ReadOp> underWay = new ConcurrentHashMap<>();
  private final Map<String, PeerHealth> healths = new ConcurrentHashMap<>();
  private final AtomicLong nextOpId = new AtomicLong(1);
  private final AtomicBoolean saidNoGrant = new AtomicBoolean();
  private final ThreadPoolExecutor diallers;
  private final Thread listener;
  private final Thread reader;
  private volatile boolean closed;

  /**
   * @param verbs taken over
   * @param domain for what is read into; taken over
   * @param memoryBytes what may be registered: half of it to read into, half to be read from
   */
  RdmaPath(
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
    listener = new Thread(() -> loop("listening", this::listen), "mows-rdma-listen");
    reader = new Thread(() -> loop("reading", this::complete), "mows-rdma-read");
    listener.setDaemon(true);
    reader.setDaemon(true);
    listener.start();
    reader.start();
  }

  @Override
  public int capability() {
    return CAPABILITY;
  }

  @Override
  public BulkLink link(String peerId, Executor loop) {
    byte[] token = new byte[Verbs.TOKEN_BYTES];
    RANDOM.nextBytes(token);
    RdmaLink link = new RdmaLink(this, peerId, token, loop);
    invited.put(ByteBuffer.wrap(token), link);
    return link;
  }

  Verbs verbs() {
    return verbs;
  }

  Arena arena() {
    return arena;
  }

  ByteBudget grantBudget() {
    return grantBudget;
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

  long nextOpId() {
    return nextOpId.getAndIncrement();
  }

  void started(ReadOp op) {
    underWay.put(op.id(), op);
  }

  void ended(ReadOp op) {
    underWay.remove(op.id());
  }

  /** The connection to which {@code token} belongs has ended. */
  void closed(byte[] token) {
    RdmaLink link = invited.remove(ByteBuffer.wrap(token));
    accepted.values().removeIf(owner -> owner == link);
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

  private void loop(String what, Step step) {
    while (!closed) {
      try {
        step.run();
      } catch (IOException | RuntimeException e) {
        LOG.warn("RDMA: {} failed; it goes on", what, e);
        // A device that is gone fails at once, every time.
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(WAKE_UP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() throws IOException {
    Verbs.Event event = verbs.nextEvent(WAKE_UP_MS);
    if (event == null) {
      return;
    }
    Verbs.Incoming incoming = event.incoming();
    if (!event.isRequest()) {
      RdmaLink link = accepted.remove(incoming);
      if (link != null) {
        link.reading().onLoop(() -> link.serving().ended(incoming));
      }
      return;
    }
    byte[] token = event.token();
    RdmaLink link =
        token.length < Verbs.TOKEN_BYTES
            ? null
            : invited.get(ByteBuffer.wrap(Arrays.copyOf(token, Verbs.TOKEN_BYTES)));
    if (link == null) {
      LOG.warn("Somebody who was not invited tried to connect by RDMA");
      incoming.reject();
      return;
    }
    accepted.put(incoming, link);
    try {
      link.loop().execute(() -> link.serving().requested(incoming));
    } catch (RejectedExecutionException e) {
      accepted.remove(incoming);
      incoming.reject();
    }
  }

  private void complete() throws IOException {
    verbs.awaitCompletions(WAKE_UP_MS, this::completed);
    long nowNs = System.nanoTime();
    for (ReadOp op : underWay.values()) {
      if (op.isOverdue(nowNs)) {
        op.reading().onLoop(() -> op.reading().overdue(op));
      }
    }
  }

  private void completed(long id, String error) {
    ReadOp op = underWay.get(id);
    if (op != null) {
      op.reading().onLoop(() -> op.reading().completed(op, error));
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    diallers.shutdown();
    try {
      boolean ended = diallers.awaitTermination(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      listener.join(CLOSE_TIMEOUT_MS);
      reader.join(CLOSE_TIMEOUT_MS);
      if (!ended || listener.isAlive() || reader.isAlive()) {
        LOG.warn("The threads of RDMA did not end in {} ms", CLOSE_TIMEOUT_MS);
        return; // What they use must stay.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    arena.close();
    domain.close();
    verbs.close();
  }

  private interface Step {
    void run() throws IOException;
  }
}
