// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A connection as a way for pieces, in both directions: the first with a peer, on which all else is
 * said too, or one more. For the connection's thread, but for {@link #request}, {@link
 * #openRequests}, {@link #setReading}, {@link #close} and {@link #onLoop}.
 */
final class Lane implements Conversation {
  /** One more that nobody has used for so long is closed by who dialled. */
  static final long SUPERFLUOUS_NS = TimeUnit.SECONDS.toNanos(30);

  private final Owner link;
  private final Channel channel;
  private final Outbox outbox;
  private final BiConsumer<CloseReason, String> closer;
  private final Optional<BulkLink> bulk;
  private final boolean first;
  private final InboundRequests inbound;
  private final OutboundRequests outbound;
  private final AtomicInteger openRequests = new AtomicInteger();
  private volatile long usedNs = System.nanoTime();

  /**
   * @param closer closes the connection; for the connection's thread
   * @param slots of all the peer's connections
   * @param bulk another way for payload, on the first connection only
   * @param first whether it is the first with the peer
   */
  Lane(
      ChannelContext shared,
      Owner link,
      Channel channel,
      Outbox outbox,
      BiConsumer<CloseReason, String> closer,
      UploadSlots<InboundRequest>.Peer slots,
      Optional<BulkLink> bulk,
      boolean first) {
    this.link = link;
    this.channel = channel;
    this.outbox = outbox;
    this.closer = closer;
    this.bulk = bulk;
    this.first = first;
    this.inbound = new InboundRequests(shared, link, outbox, channel.eventLoop(), bulk, slots);
    this.outbound =
        new OutboundRequests(shared.counters(), link.peerId(), outbox, channel.eventLoop(), bulk);
  }

  PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    openRequests.incrementAndGet();
    usedNs = System.nanoTime();
    PieceTransfer transfer = outbound.request(request, receiver, timeoutMs);
    transfer.completion().whenComplete((receipt, failure) -> openRequests.decrementAndGet());
    return transfer;
  }

  /** Our requests on it that have not ended. */
  int openRequests() {
    return openRequests.get();
  }

  void setReading(boolean reading) {
    onLoop(() -> channel.config().setAutoRead(reading));
  }

  void close(String why) {
    onLoop(() -> closer.accept(CloseReason.CLOSED_HERE, why));
  }

  /** Runs a task on the connection's thread, or not at all if that has ended. Any thread. */
  void onLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // The connection is gone, and its thread with it: nothing is left to be done.
    }
  }

  @Override
  public FrameHandler frames() {
    return new Frames();
  }

  @Override
  public void heard(long nowNs) {
    link.heard(nowNs);
  }

  @Override
  public void writable() {
    inbound.pump();
  }

  @Override
  public long longestGrantNs(long nowNs) {
    return inbound.longestGrantNs(nowNs);
  }

  @Override
  public boolean isSuperfluous(long nowNs) {
    return !first
        && link.isOutgoing()
        && openRequests() == 0
        && inbound.isIdle()
        && nowNs - usedNs > SUPERFLUOUS_NS;
  }

  @Override
  public void ended(CloseReason reason, String detail) {
    outbound.close(
        new TransferException(
            first ? Remedy.RETRY_ELSEWHERE : Remedy.RETRY,
            "The connection to " + link.peerId() + " is gone (" + reason + "): " + detail));
    // What the peer may read must stay until it cannot any more.
    bulk.ifPresent(BulkLink::close);
    inbound.close();
    if (first) {
      link.ended(reason, detail);
    } else {
      link.left(this);
    }
  }

  @Override
  public String toString() {
    return link.toString();
  }

  /** The peer whose connection it is. */
  interface Owner extends PeerConnection {
    /** Something has come, on any of its connections. Any thread. */
    void heard(long nowNs);

    /** For the first connection's thread. */
    void received(ByteBuffer message);

    /** The peer lets us make more connections. */
    void invited(byte[] token);

    /** The peer wants so many beside the first. */
    void wanted(int count);

    /** A connection beside the first is gone. For that connection's thread. */
    void left(Lane lane);

    /** The first connection is gone, and with it the peer. */
    void ended(CloseReason reason, String detail);
  }

  private final class Frames implements FrameHandler {
    @Override
    public void goodbye(CloseReason reason) {
      closer.accept(CloseReason.CLOSED_BY_PEER, "The peer says: " + reason);
    }

    @Override
    public void ping(long token) {
      outbox.reply(ControlFrames.pong(outbox.allocator(), token));
    }

    @Override
    public void pong(long token) {
      // That something came is all that counts.
    }

    @Override
    public void message(ByteBuffer message) throws ProtocolException {
      if (!first) {
        FrameHandler.super.message(message);
      }
      link.received(message);
    }

    @Override
    public void requested(int requestId, PieceRequest request, boolean bulkIsWelcome)
        throws ProtocolException {
      usedNs = System.nanoTime();
      inbound.requested(requestId, request, bulkIsWelcome);
    }

    @Override
    public void pieceBegins(int requestId, int offset, int crc32, int payloadBytes)
        throws ProtocolException {
      outbound.pieceBegins(requestId, offset, crc32, payloadBytes);
    }

    @Override
    public void pieceBytes(ByteBuf payload) {
      outbound.pieceBytes(payload);
    }

    @Override
    public void refused(int requestId, RefusalReason reason, Remedy remedy)
        throws ProtocolException {
      outbound.refused(requestId, reason, remedy);
    }

    @Override
    public void cancelled(int requestId) {
      inbound.cancelled(requestId);
    }

    @Override
    public void offered(byte[] offer) throws ProtocolException {
      if (bulk.isEmpty()) {
        FrameHandler.super.offered(offer);
      }
      bulk.get().offered(offer);
    }

    @Override
    public void granted(int requestId, int crc32, byte[] grant) throws ProtocolException {
      outbound.granted(requestId, crc32, grant);
    }

    @Override
    public void taken(int requestId, boolean success) throws ProtocolException {
      inbound.taken(requestId, success);
    }

    @Override
    public void invited(byte[] token) throws ProtocolException {
      if (!first || !link.isOutgoing()) {
        FrameHandler.super.invited(token);
      }
      link.invited(token);
    }

    @Override
    public void wanted(int count) throws ProtocolException {
      if (!first || !link.isOutgoing()) {
        FrameHandler.super.wanted(count);
      }
      link.wanted(count);
    }
  }
}
