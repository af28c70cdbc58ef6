// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.file.FileTransfers;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.Peers;
import io.mows.p2p.fetch.state.SwarmDoor;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.SwarmActions;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes what {@link SwarmNode} wants done, and has it done when the node has finished deciding: it
 * may have consequences that the node is told at once. For the engine's thread.
 */
public final class SwarmOrders implements SwarmActions {
  private final Fetches fetches;
  private final FetchEffects effects;
  private final FetchMetrics metrics;
  private final Peers peers;
  private final Queue<Order> orders = new ArrayDeque<>();

  private Uploads uploads;

  /** What peers are given. */
  public interface Uploads {
    /** Returns whether {@code message} is the answer to a request, which has it now. */
    boolean refuse(long peerId, SwarmMessage message);

    /**
     * The request for this piece is granted.
     *
     * @return begins to send it
     */
    Runnable grant(long peerId, long fileId, int piece);
  }

  public SwarmOrders(Fetches fetches, FetchEffects effects, FetchMetrics metrics, Peers peers) {
    this.fetches = fetches;
    this.effects = effects;
    this.metrics = metrics;
    this.peers = peers;
  }

  /** To be called once, before anything else. */
  public void uploadBy(Uploads giver) {
    uploads = giver;
  }

  /**
   * Has the node decide, and does what it wants done, until that is nothing.
   *
   * @return when to call again if nothing happens
   */
  public OptionalLong decide(SwarmDoor door, long nowNs) {
    SwarmNode node = door.node();
    OptionalLong wake = node.poll(nowNs);
    while (!orders.isEmpty()) {
      door.takeTold();
      long changes = node.changes();
      for (Order order = orders.poll(); order != null; order = orders.poll()) {
        order.action.run();
      }
      if (door.takeTold() || node.changes() != changes) {
        wake = node.poll(nowNs);
      }
    }
    return wake;
  }

  /**
   * The connection with this peer is over. What comes over it ends, and what the node has just
   * decided to take over it is not asked for.
   */
  public void peerLost(long peerId) {
    orders.removeIf(order -> order.takesFrom(peerId));
    fetches.peerLost(peerId);
  }

  private void add(Runnable action) {
    orders.add(new Order(action, OptionalLong.empty()));
  }

  /**
   * Has a piece brought on its way.
   *
   * @param how returns why readers will never get the file; empty if they may
   */
  private void start(long fileId, Function<FileTransfers, Optional<TransferException>> how) {
    Optional<FileFetch> fetch = fetches.get(fileId);
    fetch
        .flatMap(begun -> how.apply(begun.transfers()))
        .ifPresent(why -> fetch.get().cannotShow(why));
  }

  private void cancel(long fileId, Consumer<FileTransfers> how) {
    add(() -> fetches.get(fileId).map(FileFetch::transfers).ifPresent(how));
  }

  @Override
  public void connect(long peerId, boolean important) {
    add(() -> effects.peers().connect(peerId, important));
  }

  @Override
  public void disconnect(long peerId) {
    // Nobody reports the end of what we end.
    peers.remove(peerId);
    add(
        () -> {
          fetches.peerLost(peerId);
          effects.peers().disconnect(peerId);
        });
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    if (!uploads.refuse(peerId, message)) {
      add(new Sending(peerId, message));
    }
  }

  @Override
  public long silentNs(long peerId) {
    return effects.peers().silentNs(peerId);
  }

  @Override
  public void ping(long peerId) {
    add(() -> effects.peers().ping(peerId));
  }

  @Override
  public void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge) {
    Runnable action =
        () -> start(fileId, transfers -> transfers.download(peerId, piece, urgent, hedge));
    orders.add(new Order(action, OptionalLong.of(peerId)));
  }

  @Override
  public void cancelDownload(long peerId, long fileId, int piece) {
    cancel(fileId, transfers -> transfers.cancelDownload(peerId, piece));
  }

  @Override
  public void upload(long peerId, long fileId, int piece) {
    add(uploads.grant(peerId, fileId, piece));
  }

  @Override
  public void cancelUpload(long peerId, long fileId, int piece) {
    // Its bytes stay open until they are sent; the peer has cancelled, or gets what was right.
  }

  @Override
  public int originWidth() {
    return effects.transfers().originWidth();
  }

  @Override
  public void readOrigin(long fileId, int piece, boolean evenUncached) {
    add(() -> start(fileId, transfers -> transfers.readOrigin(piece, evenUncached)));
  }

  @Override
  public void cancelOrigin(long fileId, int piece) {
    cancel(fileId, transfers -> transfers.cancelOrigin(piece));
  }

  @Override
  public void quarantined(long peerId) {
    effects.peers().quarantined(peerId);
    metrics.peerQuarantined();
  }

  /** One thing that is to be done. Immutable. */
  private static final class Order {
    private final Runnable action;
    private final OptionalLong source;

    /**
     * @param source the peer that a piece is taken from; empty if it is something else
     */
    Order(Runnable action, OptionalLong source) {
      this.action = action;
      this.source = source;
    }

    boolean takesFrom(long peerId) {
      return source.isPresent() && source.getAsLong() == peerId;
    }
  }

  /** A message to one peer: most of all orders. */
  private final class Sending implements Runnable {
    private final long peerId;
    private final SwarmMessage message;

    Sending(long peerId, SwarmMessage message) {
      this.peerId = peerId;
      this.message = message;
    }

    @Override
    public void run() {
      effects.peers().send(peerId, message);
    }
  }
}
