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
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The links of one worker with others ({@link Links}): makes them, and carries over them what is
 * said.
 *
 * <p>For the engine's thread, which it gets to by the executor it is given: what the data channel
 * says on its own threads is handed over in order.
 */
public final class PeerNetwork implements AutoCloseable {

  private final PeerInfo self;
  private final long session;
  private final PeerEvents events;
  private final LongSupplier nanoClock;
  private final DataChannel channel;
  private final AddressBook addresses;
  private final DialBack dialBack;
  private final Links links;
  private final LastEncoded encoded = new LastEncoded();
  private final PeerMailbox mailbox;
  private final PeerTalk talk;

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
    this.mailbox = new PeerMailbox(engineThread);
    this.events = events;
    this.nanoClock = nanoClock;
    this.links = new Links(self.idHash());
    this.addresses = new AddressBook(resolver, mailbox::run, nanoClock);
    this.channel = provider.open(settings, this::serve, new Listener());
    this.dialBack =
        new DialBack(
            self.dataAddress(),
            () -> !settings.trust().isInsecure(),
            where -> addresses.find(where).thenCompose(channel::connect),
            mailbox::run,
            nanoClock);
    this.talk = new PeerTalk(self, links, dialBack, events, nanoClock);
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
                mailbox.run(() -> failed(peerId, failure));
              }
            });
  }

  private void dial(long peerId, InetSocketAddress address, boolean important) {
    channel
        .connect(address)
        .whenComplete(
            (connection, failure) ->
                mailbox.run(
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
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    talk.dialFailed(peerId, nameOf(peerId), cause.getMessage());
  }

  private String nameOf(long peerId) {
    return addresses.peer(peerId).map(PeerInfo::toString).orElse("a peer");
  }

  private void greet(long peerId, PeerConnection connection, boolean important) {
    if (!connection.isOpen()) {
      // Whoever dialled this worker and is gone wanted only to see that it is there.
      if (connection.isOutgoing()) {
        failed(peerId, new IOException("it is gone already"));
      }
      return;
    }
    talk.expectGreeting(connection, peerId);
    connection.send(
        PeerEncoder.encode(new Greeting(self.group(), self.role(), session, important)));
  }

  /** There is no place for this peer; says so and closes the connection. */
  public void disconnect(long peerId) {
    links
        .remove(peerId)
        .ifPresent(
            link -> {
              link.connection().send(PeerEncoder.full());
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
    talk.sweep(nanoClock.getAsLong());
  }

  private CompletionStage<PieceAnswer> serve(PeerConnection connection, PieceRequest request) {
    CompletableFuture<PieceAnswer> answer = new CompletableFuture<>();
    long peerId = PeerInfo.idHashOf(connection.peerId());
    boolean taken =
        mailbox.handle(
            connection,
            mailbox.new Arrival(0) {
              @Override
              void handle() {
                if (links.on(connection).isEmpty()) {
                  answer.complete(PieceAnswer.refuse(RefusalReason.NOT_ALLOWED));
                } else {
                  events.requested(peerId, request, answer);
                }
              }
            });
    if (!taken) {
      answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
    }
    return answer;
  }

  /** Ends all connections and what is under way on them. Not for the engine's thread. */
  @Override
  public void close() {
    mailbox.close();
    addresses.close();
    channel.close();
  }

  /** What the data channel says, on its threads. */
  private final class Listener implements PeerListener {
    @Override
    public void connected(PeerConnection peer) {
      mailbox.connected(peer);
      if (!peer.isOutgoing()) {
        mailbox.run(() -> greet(PeerInfo.idHashOf(peer.peerId()), peer, false));
      }
    }

    @Override
    public void received(PeerConnection peer, ByteBuffer message) {
      byte kind = PeerDecoder.kind(message);
      if (mailbox.admits(peer, kind)) {
        mailbox.handle(
            peer,
            mailbox.new Arrival(message.remaining()) {
              @Override
              void handle() {
                talk.heard(peer, kind, message);
              }
            });
      }
    }

    @Override
    public void lanes(PeerConnection peer, int count) {
      long peerId = PeerInfo.idHashOf(peer.peerId());
      mailbox.run(() -> links.on(peer).ifPresent(link -> events.lanes(peerId, count)));
    }

    @Override
    public void disconnected(PeerConnection peer, CloseReason reason, String detail) {
      mailbox.disconnected(peer);
      mailbox.run(() -> talk.ended(peer, reason));
    }
  }
}
