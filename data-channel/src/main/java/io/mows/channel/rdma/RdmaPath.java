// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.netty.BulkLink;
import io.mows.channel.netty.BulkPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The RDMA connections of one worker. Thread-safe.
 *
 * <p>Two threads sleep until the device has something to say and pass it on to the thread of the
 * connection that it is about. Everything else happens on the threads of the connections.
 */
final class RdmaPath implements BulkPath {
  /** Bit 0 of the capabilities. */
  static final int CAPABILITY = 1;

  private static final Logger LOG = LoggerFactory.getLogger(RdmaPath.class);
  private static final int WAKE_UP_MS = 100;
  private static final int CLOSE_TIMEOUT_MS = 5_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RdmaCommons commons;
  private final Map<ByteBuffer, RdmaLink> invited = new ConcurrentHashMap<>();
  private final Map<Verbs.Incoming, RdmaLink> accepted = new ConcurrentHashMap<>();
  private final Thread listener;
  private final Thread reader;
  private volatile boolean closed;

  /**
   * @param commons taken over
   */
  RdmaPath(RdmaCommons commons) {
    this.commons = commons;
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
    RdmaLink link = new RdmaLink(commons, peerId, token, loop, this::ended);
    invited.put(ByteBuffer.wrap(token), link);
    return link;
  }

  /** A connection has ended: nobody is let in for it any more. */
  private void ended(RdmaLink link) {
    invited.values().remove(link);
    accepted.values().removeIf(owner -> owner == link);
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
    Verbs.Event event = commons.verbs().nextEvent(WAKE_UP_MS);
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
    commons.verbs().awaitCompletions(WAKE_UP_MS, commons.reads()::completed);
    commons.reads().tellOverdue(System.nanoTime());
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      boolean ended = commons.endDialling(CLOSE_TIMEOUT_MS);
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
    commons.destroy();
  }

  private interface Step {
    void run() throws IOException;
  }
}
