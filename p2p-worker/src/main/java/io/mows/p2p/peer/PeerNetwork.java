// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.ChannelSettings;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one worker with others ({@link Links}): makes them, and carries over them what is
 * said.
 *
 * <p>For the engine's thread, which it gets to by the executor it is given: what the data channel
 * says on its own threads is handed over in order.
 */
public final class PeerNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);
  private static final long GREETING_NS = TimeUnit.SECONDS.toNanos(5);

  private final PeerInfo self;
  private final long session;
  private final Predicate<Runnable> engineThread;
  private final PeerEvents events;
  private final LongSupplier nanoClock;
  private final DataChannel channel;
  private final AddressBook addresses;
  private final DialBack dialBack;
  private final Links links;
  private final LastEncoded encoded = new LastEncoded();
  private final Map<PeerConnection, Stranger> strangers = new HashMap<>();
  private final Map<PeerConnection, Backlog> backlogs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param session another one after each start of this worker
   * @param engineThread runs a task on the engine's thread, never at once; false if that has ended
   * @param resolver looks up host names, on threads of its own
   * @throws IOException if the data channel cannot be set up
   */
  public PeerNetwork(
      PeerInfo self,
      long session,
      DataChannelProvider provider,
      ChannelSettings settings,
      Predicate<Runnable> engineThread,
      PeerEvents events,
      HostResolver resolver,
      LongSupplier nanoClock)
      throws IOException {
    this.self = self;
    this.session = session;
    this.engineThread = engineThread;
    this.events = events;
    this.nanoClock = nanoClock;
    this.links = new Links(self.idHash());
    this.addresses = new AddressBook(resolver, this::run, nanoClock);
    this.channel = provider.open(settings, this::serve, new Listener());
    this.dialBack =
        new DialBack(
            self.dataAddress(),
            () -> !settings.trust().isInsecure(),
            where -> addresses.find(where).thenCompose(channel::connect),
            this::run,
            nanoClock);
  }

  /**
   * Starts to accept peers. Any thread.
   *
   * @throws IOException if the address cannot be bound, with the remedy
   */
  public InetSocketAddress listen() throws IOException {
    return channel.listen();
  }

  /** Any thread. */
  public ChannelStats stats() {
    return channel.stats();
  }

  /** Where a peer can be dialled. */
  public void know(PeerInfo peer) {
    addresses.know(peer);
  }

  /** What is known of a peer that may be dialled. */
  public Optional<PeerInfo> peer(long peerId) {
    return addresses.peer(peerId);
  }

  /** Lets {@code reachability} have this worker dialled, and hear whom it dials. Any thread. */
  public void serve(Reachability reachability) {
    dialBack.tell(reachability::dialled);
    reachability.askBy(dialBack::ask);
  }

  /** Dials; {@link PeerEvents} hears how it ended, unless there is a connection already. */
  public void connect(long peerId, boolean important) {
    addresses
        .find(peerId)
        .whenComplete(
            (address, failure) -> {
              if (failure == null) {
                dial(peerId, address, important);
              } else {
                run(() -> failed(peerId, failure));
              }
            });
  }

  private void dial(long peerId, InetSocketAddress address, boolean important) {
    channel
        .connect(address)
        .whenComplete(
            (connection, failure) ->
                run(
                    () -> {
                      if (failure == null) {
                        greet(peerId, connection, important);
                      } else {
                        addresses.doubt(peerId);
                        failed(peerId, failure);
                      }
                    }));
  }

  private void failed(long peerId, Throwable failure) {
    if (links.of(peerId).isEmpty()) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      LOG.info("No connection with {}: {}", nameOf(peerId), cause.getMessage());
      events.disconnected(peerId, Cause.LOST);
    }
  }

  private String nameOf(long peerId) {
    return addresses.peer(peerId).map(PeerInfo::toString).orElse("a peer");
  }

  private void greet(long peerId, PeerConnection connection, boolean important) {
    if (!connection.isOpen()) {
      failed(peerId, new IOException("it is gone already"));
      return;
    }
    // The peer greets unasked: it may have done so before we were told that the dial succeeded.
    if (links.on(connection).isEmpty()) {
      strangers.put(connection, new Stranger(peerId));
    }
    connection.send(
        PeerMessages.encode(new Greeting(self.group(), self.role(), session, important)));
  }

  /** There is no place for this peer; says so and closes the connection. */
  public void disconnect(long peerId) {
    links
        .remove(peerId)
        .ifPresent(
            link -> {
              link.connection().send(PeerMessages.full());
              link.connection().close();
            });
  }

  public void send(long peerId, SwarmMessage message) {
    Optional<Links.Link> link = links.of(peerId);
    if (link.isPresent()) {
      link.get().connection().send(encoded.of(message));
    }
  }

  /**
   * Asks for bytes.
   *
   * @return empty if there is no connection with the peer
   */
  public Optional<PieceTransfer> request(
      long peerId, PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    return links.of(peerId).map(link -> link.connection().request(request, receiver, timeoutMs));
  }

  /** For how long nothing at all has come from this peer, in ns; 0 without a connection. */
  public long silentNs(long peerId) {
    return links.of(peerId).map(link -> link.connection().silentNs()).orElse(0L);
  }

  /** Has its data channel say something. */
  public void ping(long peerId) {
    links.of(peerId).ifPresent(link -> link.connection().ping());
  }

  /** Closes connections whose peer has not said who it is. To be called now and then. */
  public void sweep() {
    addresses.sweep();
    dialBack.sweep();
    long nowNs = nanoClock.getAsLong();
    strangers.forEach(
        (connection, stranger) -> {
          if (nowNs - stranger.sinceNs > GREETING_NS) {
            connection.close();
          }
        });
  }

  private boolean run(Runnable task) {
    return engineThread.test(
        () -> {
          if (!closed) {
            task.run();
          }
        });
  }

  /** As {@link #run}, what has come on this connection. */
  private boolean handle(PeerConnection connection, int lengthBytes, Runnable task) {
    Backlog backlog = backlogs.get(connection);
    if (backlog == null) {
      return false;
    }
    backlog.came(lengthBytes);
    boolean taken =
        run(
            () -> {
              backlog.handled(lengthBytes);
              task.run();
            });
    if (!taken) {
      backlog.handled(lengthBytes);
    }
    return taken;
  }

  private CompletionStage<PieceAnswer> serve(PeerConnection connection, PieceRequest request) {
    CompletableFuture<PieceAnswer> answer = new CompletableFuture<>();
    long peerId = PeerInfo.idHashOf(connection.peerId());
    boolean taken =
        handle(
            connection,
            0,
            () -> {
              if (links.on(connection).isEmpty()) {
                answer.complete(PieceAnswer.refuse(RefusalReason.NOT_ALLOWED));
              } else {
                events.requested(peerId, request, answer);
              }
            });
    if (!taken) {
      answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
    }
    return answer;
  }

  /**
   * Reads a message only now: of a peer that has greeted, and of a file whose size is known, so
   * that what is kept of it is no more than what has come.
   */
  private void heard(PeerConnection connection, byte kind, ByteBuffer message) {
    try {
      Optional<Links.Link> link = links.on(connection);
      if (DialMessages.isOne(kind)) {
        if (dialBack.heard(connection, kind, message)) {
          strangers.remove(connection);
        }
      } else if (dialBack.owns(connection)) {
        return; // It is no link, and becomes none.
      } else if (kind == PeerMessages.GREETING) {
        greeted(connection, PeerMessages.decodeGreeting(message));
      } else if (link.isPresent() && kind == PeerMessages.FULL) {
        link.get().refused();
      } else if (link.isPresent()) {
        long peerId = link.get().peerId();
        PeerMessages.decode(kind, message, events::pieceCount)
            .ifPresent(said -> events.received(peerId, said));
      }
    } catch (IOException e) {
      LOG.warn("The connection with {} is closed: {}", connection.peerId(), e.getMessage());
      connection.close();
    }
  }

  private void greeted(PeerConnection connection, Greeting greeting) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    strangers.remove(connection);
    if (!links.wants(connection, greeting)) {
      connection.close();
      return;
    }
    Optional<Links.Link> old = links.put(connection, greeting.session());
    if (old.isEmpty()) {
      Role role = PeerRelation.ofConnected(self, greeting.group(), greeting.role());
      events.connected(peerId, role, !connection.isOutgoing(), greeting.isImportant());
    } else {
      old.get().connection().close();
      // What the old one had beside it goes with it, and of its end nobody is told.
      events.lanes(peerId, 1);
    }
  }

  private void ended(PeerConnection connection, CloseReason reason) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    Stranger stranger = strangers.remove(connection);
    dialBack.ended(connection);
    Optional<Links.Link> link = links.on(connection);
    if (link.isPresent()) {
      links.remove(peerId);
      events.disconnected(peerId, link.get().isRefused() ? Cause.REFUSED : Cause.LOST);
    } else if (stranger != null && connection.isOutgoing() && links.of(peerId).isEmpty()) {
      LOG.info("{} ended the connection without a greeting: {}", connection.peerId(), reason);
      events.disconnected(stranger.dialledPeerId, Cause.LOST);
    }
  }

  /** Ends all connections and what is under way on them. Not for the engine's thread. */
  @Override
  public void close() {
    closed = true;
    addresses.close();
    channel.close();
  }

  /** A connection whose peer has not greeted yet. */
  private final class Stranger {
    private final long dialledPeerId;
    private final long sinceNs = nanoClock.getAsLong();

    Stranger(long dialledPeerId) {
      this.dialledPeerId = dialledPeerId;
    }
  }

  /** What the data channel says, on its threads. */
  private final class Listener implements PeerListener {
    @Override
    public void connected(PeerConnection peer) {
      backlogs.put(peer, new Backlog(peer));
      if (!peer.isOutgoing()) {
        run(() -> greet(PeerInfo.idHashOf(peer.peerId()), peer, false));
      }
    }

    @Override
    public void received(PeerConnection peer, ByteBuffer message) {
      Backlog backlog = backlogs.get(peer);
      byte kind = PeerMessages.kind(message);
      if (backlog != null && backlog.admits(kind)) {
        handle(peer, message.remaining(), () -> heard(peer, kind, message));
      }
    }

    @Override
    public void lanes(PeerConnection peer, int count) {
      long peerId = PeerInfo.idHashOf(peer.peerId());
      run(() -> links.on(peer).ifPresent(link -> events.lanes(peerId, count)));
    }

    @Override
    public void disconnected(PeerConnection peer, CloseReason reason, String detail) {
      backlogs.remove(peer);
      run(() -> ended(peer, reason));
    }
  }
}
