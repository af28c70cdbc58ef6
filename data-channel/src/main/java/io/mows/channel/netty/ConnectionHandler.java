// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.security.CertificateNames;
import io.mows.channel.security.ChannelSecret.Role;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.FrameReader;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.LaneFrames;
import io.mows.channel.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of one connection: introduction, conversation, end. For the connection's thread. */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  private final ChannelContext shared;
  private final Role role;
  private final InetSocketAddress remoteAddress;
  private final CompletableFuture<PeerConnection> connected;
  private final Optional<Ticket> ticket;

  private ChannelHandlerContext context;
  private Outbox outbox;
  private FrameReader reader;
  private HelloHandshake handshake;
  private WakeUps wakeUps;
  private Conversation conversation;
  private CloseReason closeReason;
  private String closeDetail;
  private long lastReadNs;
  private boolean finished;

  /**
   * @param connected ends when the peer is known or the attempt has failed
   */
  ConnectionHandler(
      ChannelContext shared,
      Role role,
      InetSocketAddress remoteAddress,
      CompletableFuture<PeerConnection> connected) {
    this(shared, role, remoteAddress, connected, Optional.empty());
  }

  /**
   * @param ticket for one more connection with a peer; empty for the first
   */
  ConnectionHandler(
      ChannelContext shared,
      Role role,
      InetSocketAddress remoteAddress,
      CompletableFuture<PeerConnection> connected,
      Optional<Ticket> ticket) {
    this.shared = shared;
    this.role = role;
    this.remoteAddress = remoteAddress;
    this.connected = connected;
    this.ticket = ticket;
  }

  boolean isOutgoing() {
    return role == Role.DIALLED;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    shared.counters().add(ChannelCount.CONNECTIONS_OPEN, 1);
    if (closeReason != null) {
      ctx.close();
      return;
    }
    outbox =
        new Outbox(
            ctx.channel(),
            () -> close(CloseReason.PEER_NOT_READING, "It asks and does not read the answers"));
    wakeUps = new WakeUps(ctx.channel());
    lastReadNs = System.nanoTime();
    int timeoutMs = shared.settings().handshakeTimeoutMs();
    ctx.executor().schedule(() -> checkIntroduced(timeoutMs), timeoutMs, TimeUnit.MILLISECONDS);
    if (ctx.pipeline().get(SslHandler.class) == null) {
      introduce(new byte[0]);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      Throwable failure = ((SslHandshakeCompletionEvent) event).cause();
      if (failure != null) {
        close(CloseReason.TLS_FAILED, CertificateNames.explain(failure));
        return;
      }
      try {
        introduce(
            Tls.binding(ctx.pipeline().get(SslHandler.class).engine().getSession(), isOutgoing()));
      } catch (GeneralSecurityException e) {
        close(CloseReason.TLS_FAILED, e.toString());
      }
    }
  }

  private void introduce(byte[] binding) {
    handshake =
        new HelloHandshake(
            shared.settings(),
            ticket.isPresent() ? Hello.LANES | Hello.LANE : shared.capabilities(),
            role,
            binding,
            frame -> outbox.send(frame),
            this::introduced,
            reason -> close(CloseReason.CLOSED_BY_PEER, told(reason)));
    reader = new FrameReader(context.alloc(), handshake);
    handshake.begin();
  }

  private static String told(CloseReason reason) {
    String explanation = reason == null ? "" : CloseExplanations.of(reason);
    return "The peer says: " + reason + (explanation.isEmpty() ? "" : ": " + explanation);
  }

  private void introduced(Hello hello) {
    if (ticket.isPresent()) {
      outbox.send(LaneFrames.join(context.alloc(), ticket.get().token));
      join(hello, ticket.get().peer);
    } else if (!isOutgoing() && (hello.capabilities() & Hello.LANE) != 0) {
      reader.introduced(new Joining(hello));
    } else {
      NettyPeerConnection link =
          new NettyPeerConnection(
              hello, remoteAddress, isOutgoing(), context.channel(), shared, outbox, this::close);
      begin(link.first());
      link.begin();
      shared.counters().add(ChannelCount.CONNECTIONS_ESTABLISHED, 1);
      shared.counters().introduced(hello.peerId());
      shared.listener().connected(link);
      connected.complete(link);
    }
  }

  /** It is one more connection with a peer that is known. */
  private void join(Hello hello, KnownPeer peer) {
    Optional<? extends Conversation> lane =
        peer.join(hello, context.channel(), outbox, this::close);
    if (lane.isEmpty()) {
      close(CloseReason.TOO_MANY_CONNECTIONS, "There are as many with this peer as there may be");
      return;
    }
    begin(lane.get());
    connected.complete(peer);
  }

  private void begin(Conversation next) {
    conversation = next;
    reader.introduced(next.frames());
    long tickMs = Math.max(1, shared.settings().idleTimeoutMs() / 4);
    context.executor().schedule(() -> tick(tickMs), tickMs, TimeUnit.MILLISECONDS);
  }

  private void checkIntroduced(int timeoutMs) {
    if (conversation == null) {
      close(
          CloseReason.HANDSHAKE_TIMEOUT, "It did not introduce itself within " + timeoutMs + " ms");
    }
  }

  /** Finds peers that are gone without a word. */
  private void tick(long tickMs) {
    if (closeReason != null || finished) {
      return;
    }
    long nowNs = System.nanoTime();
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(shared.settings().idleTimeoutMs());
    long silentNs = nowNs - lastReadNs;
    if (silentNs >= timeoutNs) {
      close(CloseReason.IDLE, "Nothing came for " + silentNs / 1_000_000 + " ms");
    } else if (outbox.stalledNs(nowNs) >= timeoutNs) {
      close(CloseReason.PEER_NOT_READING, "It does not take what it asked for");
    } else if (conversation.longestGrantNs(nowNs) >= timeoutNs) {
      close(CloseReason.PEER_NOT_READING, "It does not take what it was granted");
    } else if (conversation.isSuperfluous(nowNs)) {
      close(CloseReason.CLOSED_HERE, "Nobody needs one more connection with this peer");
    } else {
      if (silentNs >= timeoutNs / 2) {
        outbox.send(ControlFrames.ping(context.alloc(), nowNs));
      }
      context.executor().schedule(() -> tick(tickMs), tickMs, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    lastReadNs = System.nanoTime();
    if (conversation != null) {
      conversation.heard(lastReadNs);
    }
    outbox.beginBatch();
    try {
      if (closeReason == null) {
        reader.read((ByteBuf) message);
      }
    } catch (ProtocolException e) {
      handshake.olderPeer().ifPresent(this::tellOlder);
      close(e.reason(), e.getMessage());
    } finally {
      ReferenceCountUtil.release(message);
      // Not in channelReadComplete: TLS also delivers bytes without one.
      outbox.endBatch();
    }
  }

  /** Once for each of them: it tries again and again, and nothing else would tell why in vain. */
  private void tellOlder(String peerId) {
    if (shared.counters().older(peerId)) {
      LOG.warn(
          "{} runs a release of MoWS from before clusters had an identity, so it and this worker"
              + " share nothing: put the same release of MoWS on every worker",
          peerId);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (reader != null && closeReason == null) {
      wakeUps.expect(reader.payloadLeftBytes());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (conversation != null && closeReason == null && ctx.channel().isWritable()) {
      conversation.writable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof DecoderException && failure.getCause() instanceof SSLException) {
      close(CloseReason.TLS_FAILED, CertificateNames.explain(failure.getCause()));
    } else if (failure instanceof IOException) {
      close(CloseReason.CONNECTION_LOST, failure.toString());
    } else {
      LOG.warn("The connection with {} is closed by a failure", name(), failure);
      close(CloseReason.INTERNAL_ERROR, failure.toString());
    }
  }

  /** Closes the connection; only the first reason counts. */
  void close(CloseReason reason, String detail) {
    if (closeReason != null || finished) {
      return;
    }
    closeReason = reason;
    closeDetail = detail;
    if (context == null) {
      return; // channelActive sees the reason.
    }
    if (context.channel().isActive() && reason != CloseReason.CLOSED_BY_PEER) {
      // If it cannot be sent at once it is not worth waiting for.
      context.writeAndFlush(ControlFrames.goodbye(context.alloc(), reason));
    }
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    finish();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    finish();
  }

  private void finish() {
    if (finished || context == null) {
      return;
    }
    finished = true;
    CloseReason reason = closeReason == null ? CloseReason.CLOSED_BY_PEER : closeReason;
    String detail = closeReason == null ? "Its end of the connection was closed" : closeDetail;
    shared.counters().add(ChannelCount.CONNECTIONS_OPEN, -1);
    shared.counters().closed(reason);
    if (reader != null) {
      reader.close();
    }
    if (conversation == null) {
      if (isOutgoing()) {
        LOG.debug("No connection with {}: {} ({})", name(), detail, reason); // The caller says so.
      } else {
        shared.strangers().refused(name(), reason, detail);
      }
      connected.completeExceptionally(
          new TransferException(
              Remedy.RETRY_ELSEWHERE,
              "No connection with " + remoteAddress + ": " + detail + " (" + reason + ")"));
    } else {
      LOG.info("A connection with {} ended: {} ({})", name(), detail, reason);
      conversation.ended(reason, detail);
    }
  }

  private String name() {
    return conversation == null ? String.valueOf(remoteAddress) : conversation.toString();
  }

  /** What a connection needs that is not the first with its peer. Immutable. */
  static final class Ticket {
    private final KnownPeer peer;
    private final byte[] token;

    Ticket(KnownPeer peer, byte[] token) {
      this.peer = peer;
      this.token = token;
    }
  }

  /** Waits for the token of a connection that is not the first of its peer. */
  private final class Joining implements FrameHandler {
    private final Hello hello;

    Joining(Hello hello) {
      this.hello = hello;
    }

    @Override
    public void joins(byte[] token) throws ProtocolException {
      KnownPeer peer = shared.invitations().get(ByteBuffer.wrap(token));
      if (peer == null) {
        throw new ProtocolException(
            CloseReason.UNEXPECTED_FRAME, "JOIN without an invitation that is still good");
      }
      join(hello, peer);
    }

    @Override
    public void goodbye(CloseReason reason) {
      close(CloseReason.CLOSED_BY_PEER, told(reason));
    }
  }
}
