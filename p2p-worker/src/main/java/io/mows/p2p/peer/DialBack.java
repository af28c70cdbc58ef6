// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.HostPort;
import io.mows.channel.PeerConnection;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether others reach this worker where it says that it is: behind NAT, or with the address of a
 * pod, it may reach all of them and none of them reaches it. It asks one to dial it. Both the
 * question and the dial have connections of their own, which never become links: nobody's
 * neighbours change. For the engine's thread.
 */
final class DialBack {
  /** Who asks waits for that long; who is asked may need a name server and a handshake. */
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);

  /** So many are dialled at once for others, each once at a time. */
  static final int MAX_DIALS = 4;

  private final String selfAddress;
  private final BooleanSupplier dialsForOthers;
  private final Dialler dialler;
  private final Executor engineThread;
  private final LongSupplier nanoClock;
  private final Set<PeerConnection> probes = ConcurrentHashMap.newKeySet();
  private final Map<PeerConnection, Question> asked = new HashMap<>();
  private final Map<PeerConnection, Long> visitors = new HashMap<>();
  private final Set<String> dialling = new HashSet<>();
  private volatile Told told = (peerId, address, obstacle) -> {};

  /**
   * @param selfAddress where this worker says that it listens
   * @param dialsForOthers false where anybody may ask, who could so have strangers dialled
   * @param dialler makes a connection; is called on the engine's thread
   */
  DialBack(
      String selfAddress,
      BooleanSupplier dialsForOthers,
      Dialler dialler,
      Executor engineThread,
      LongSupplier nanoClock) {
    this.selfAddress = selfAddress;
    this.dialsForOthers = dialsForOthers;
    this.dialler = dialler;
    this.engineThread = engineThread;
    this.nanoClock = nanoClock;
  }

  /**
   * Asks who listens at {@code peerAddress} to dial this worker. Any thread.
   *
   * @return empty if it has reached this worker, else why not; fails if there is no answer, and is
   *     never complete if the engine ends
   */
  CompletableFuture<Optional<String>> ask(String peerAddress) {
    Question question = new Question(nanoClock.getAsLong());
    engineThread.execute(() -> dial(peerAddress, (peer, failure) -> ask(peer, failure, question)));
    return question.answer;
  }

  private void ask(PeerConnection peer, Throwable failure, Question question) {
    if (failure != null) {
      question.answer.completeExceptionally(failure);
      return;
    }
    asked.put(peer, question);
    peer.send(DialMessages.encode(DialMessages.DIAL_ME, selfAddress));
  }

  /** Calls {@code then}, on the engine's thread, with a connection that is no link. */
  private void dial(String address, BiConsumer<PeerConnection, Throwable> then) {
    Optional<HostPort> where = HostPort.parse(address);
    if (where.isEmpty()) {
      then.accept(null, new IOException("'" + address + "' is not " + HostPort.SYNTAX));
      return;
    }
    dialler
        .dial(where.get())
        .whenComplete(
            (connection, failure) -> {
              if (failure == null) {
                // At once: the engine handles what comes on it after what it is doing now.
                probes.add(connection);
              }
              engineThread.execute(() -> then.accept(connection, Futures.causeOf(failure)));
            });
  }

  /** Any thread: who hears of what this worker found that others asked to be dialled. */
  void tell(Told listener) {
    told = listener;
  }

  /** Whether a connection is none that a link could be made of. */
  boolean owns(PeerConnection connection) {
    // Each message asks, and mostly there is none.
    return (!probes.isEmpty() && probes.contains(connection))
        || (!visitors.isEmpty() && visitors.containsKey(connection));
  }

  /**
   * A message of {@link DialMessages} whose kind has been read.
   *
   * @return whether the peer waits for an answer: it may stay although it has not greeted
   */
  boolean heard(PeerConnection from, byte kind, ByteBuffer message) throws IOException {
    String text = DialMessages.decode(message);
    if (kind == DialMessages.DIAL_ME) {
      return dialFor(from, text);
    }
    Question question = asked.remove(from);
    if (question != null) {
      question.answer.complete(Optional.of(text).filter(why -> !why.isEmpty()));
      from.close();
    }
    return false;
  }

  private boolean dialFor(PeerConnection from, String address) {
    boolean isFree = dialling.size() < MAX_DIALS && !dialling.contains(from.peerId());
    if (!isFree || !dialsForOthers.getAsBoolean()) {
      return false;
    }
    dialling.add(from.peerId());
    visitors.put(from, nanoClock.getAsLong());
    dial(
        address,
        (connection, failure) -> {
          dialling.remove(from.peerId());
          String obstacle = obstacle(from, connection, failure);
          told.dialled(from.peerId(), address, obstacle);
          from.send(DialMessages.encode(DialMessages.DIALLED, obstacle));
          if (connection != null) {
            connection.close();
          }
        });
    return true;
  }

  private static String obstacle(PeerConnection from, PeerConnection there, Throwable failure) {
    if (failure != null) {
      return Futures.reasonOf(failure);
    }
    return there.peerId().equals(from.peerId())
        ? ""
        : "another worker, " + there.peerId() + ", answers there";
  }

  /** A connection is no more. */
  void ended(PeerConnection connection) {
    probes.remove(connection);
    visitors.remove(connection);
    Question question = asked.remove(connection);
    if (question != null) {
      question.answer.completeExceptionally(
          new IOException(connection.peerId() + " ended the connection without an answer"));
    }
  }

  /** To be called now and then: nobody waits for long for a worker that does not know this. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    for (Iterator<Map.Entry<PeerConnection, Question>> all = asked.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<PeerConnection, Question> one = all.next();
      if (nowNs - one.getValue().sinceNs > PATIENCE_NS) {
        all.remove();
        one.getValue()
            .answer
            .completeExceptionally(new IOException(one.getKey().peerId() + " does not answer"));
        one.getKey().close();
      }
    }
    visitors.forEach(
        (connection, sinceNs) -> {
          if (nowNs - sinceNs > 2 * PATIENCE_NS) {
            connection.close();
          }
        });
  }

  /** Makes a connection with whoever listens somewhere. */
  @FunctionalInterface
  interface Dialler {
    CompletableFuture<PeerConnection> dial(HostPort where);
  }

  /** Hears which peer was dialled where, on the engine's thread. */
  @FunctionalInterface
  interface Told {
    /**
     * @param obstacle empty if it was reached
     */
    void dialled(String peerId, String address, String obstacle);
  }

  /** What one worker was asked, and when. */
  private static final class Question {
    private final CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    private final long sinceNs;

    Question(long sinceNs) {
      this.sinceNs = sinceNs;
    }
  }
}
