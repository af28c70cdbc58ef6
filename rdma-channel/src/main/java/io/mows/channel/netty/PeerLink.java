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
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.ProtocolException;
import io.mows.channel.wire.SmallFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/**
 * A connection whose peer is known. {@link PeerConnection}'s methods are for any thread and pass
 * the work on to the connection's thread; all else is for that thread.
 */
final class PeerLink implements PeerConnection {
  private final String peerId;
  private final InetSocketAddress remoteAddress;
  private final boolean outgoing;
  private final Channel channel;
  private final EventLoop loop;
  private final Shared shared;
  private final Outbox outbox;
  private final BiConsumer<CloseReason, String> closer;
  private final Optional<BulkLink> bulk;
  private final Uploads uploads;
  private final Downloads downloads;
  private final Messages messages;
  private volatile long heardNs = System.nanoTime();
  private volatile boolean deaf;

  /**
   * @param closer closes the connection; for the connection's thread
   */
  PeerLink(
      Hello hello,
      InetSocketAddress remoteAddress,
      boolean outgoing,
      Channel channel,
      Shared shared,
      Outbox outbox,
      BiConsumer<CloseReason, String> closer) {
    this.peerId = hello.peerId();
    this.remoteAddress = remoteAddress;
    this.outgoing = outgoing;
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.shared = shared;
    this.outbox = outbox;
    this.closer = closer;
    this.bulk =
        shared
            .bulk()
            .filter(path -> (hello.capabilities() & path.capability()) != 0)
            .map(path -> path.link(peerId, loop));
    this.uploads = new Uploads(shared, this, outbox, loop, bulk);
    this.downloads = new Downloads(shared.counters(), peerId, outbox, loop, bulk);
    this.messages =
        new Messages(
            this::onLoop,
            outbox,
            () ->
                closer.accept(
                    CloseReason.PEER_NOT_READING,
                    "More than " + Messages.MAX_WAITING_BYTES + " bytes of messages wait for it"));
  }

  @Override
  public String peerId() {
    return peerId;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public boolean isOutgoing() {
    return outgoing;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void send(ByteBuffer message) {
    messages.send(message);
  }

  @Override
  public void setReading(boolean reading) {
    // It may say what it likes while nobody listens.
    heardNs = System.nanoTime();
    deaf = !reading;
    // Never at once, also on the connection's thread: the last caller must be the last to be heard.
    onLoop(() -> channel.config().setAutoRead(reading));
  }

  @Override
  public PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    return downloads.request(request, receiver, timeoutMs);
  }

  @Override
  public long silentNs() {
    return deaf ? 0 : System.nanoTime() - heardNs;
  }

  /** Something has come. */
  void heard(long nowNs) {
    heardNs = nowNs;
  }

  @Override
  public void ping() {
    onLoop(
        () -> {
          if (channel.isActive()) {
            outbox.send(SmallFrames.ping(outbox.allocator(), System.nanoTime()));
          }
        });
  }

  @Override
  public void close() {
    onLoop(() -> closer.accept(CloseReason.CLOSED_HERE, "As it was asked to be"));
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The connection is gone, and its thread with it: nothing is left to be done.
    }
  }

  /** The other way for payload, if there is one. */
  Optional<BulkLink> bulk() {
    return bulk;
  }

  /** Says how this side can be reached another way, if it can. */
  void offerBulk() {
    bulk.ifPresent(link -> outbox.send(BulkFrames.offer(outbox.allocator(), link.offer())));
  }

  /** How long the peer has had a grant; 0 if it has none. */
  long longestGrantNs(long nowNs) {
    return uploads.longestGrantNs(nowNs);
  }

  /** The connection takes more. */
  void writable() {
    uploads.pump();
  }

  /** The connection is gone: ends all that is under way on it. */
  void disconnected(CloseReason reason, String detail) {
    messages.close();
    downloads.close(
        new TransferException(
            Remedy.RETRY_ELSEWHERE,
            "The connection to " + peerId + " is gone (" + reason + "): " + detail));
    // What the peer may read must stay until it cannot any more.
    bulk.ifPresent(BulkLink::close);
    uploads.close();
    shared.listener().disconnected(this, reason, detail);
  }

  /** What the peer's frames do. */
  FrameHandler frames() {
    return new Frames();
  }

  @Override
  public String toString() {
    return peerId + " at " + remoteAddress;
  }

  private final class Frames implements FrameHandler {
    @Override
    public void goodbye(CloseReason reason) {
      closer.accept(CloseReason.CLOSED_BY_PEER, "The peer says: " + reason);
    }

    @Override
    public void ping(long token) {
      outbox.reply(SmallFrames.pong(outbox.allocator(), token));
    }

    @Override
    public void pong(long token) {
      // That something came is all that counts.
    }

    @Override
    public void message(ByteBuffer message) {
      shared.listener().received(PeerLink.this, message);
    }

    @Override
    public void requested(int requestId, PieceRequest request, boolean bulkIsWelcome)
        throws ProtocolException {
      uploads.requested(requestId, request, bulkIsWelcome);
    }

    @Override
    public void pieceBegins(int requestId, int offset, int crc32, int payloadBytes)
        throws ProtocolException {
      downloads.pieceBegins(requestId, offset, crc32, payloadBytes);
    }

    @Override
    public void pieceBytes(ByteBuf payload) {
      downloads.pieceBytes(payload);
    }

    @Override
    public void refused(int requestId, RefusalReason reason, Remedy remedy)
        throws ProtocolException {
      downloads.refused(requestId, reason, remedy);
    }

    @Override
    public void cancelled(int requestId) {
      uploads.cancelled(requestId);
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
      downloads.granted(requestId, crc32, grant);
    }

    @Override
    public void taken(int requestId, boolean success) throws ProtocolException {
      uploads.taken(requestId, success);
    }
  }
}
