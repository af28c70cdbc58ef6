// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.DataChannel;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.netty.sending.BufferPayload;
import io.mows.channel.netty.sending.FilePayload;
import io.mows.channel.security.ChannelSecret.Role;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data channel on Netty, over whatever {@link NettyTransport} it is given. */
final class NettyDataChannel implements DataChannel {
  private static final Logger LOG = LoggerFactory.getLogger(NettyDataChannel.class);
  private static final int CLOSE_TIMEOUT_MS = 5_000;

  /**
   * What waits here is sent before any later message or refusal, so of payload it is one frame: the
   * next is written when the kernel has taken it.
   */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);

  private final NettyTransport transport;
  private final ChannelSettings settings;
  private final ChannelContext shared;
  private final Tls tls;
  private final PooledByteBufAllocator allocator;
  private final EventLoopGroup group;
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param bulk makes another way for payload; empty if there is none here. The last that is opened
   *     here: whoever gets an exception has nothing of it to close.
   */
  NettyDataChannel(
      NettyTransport transport,
      ChannelSettings settings,
      PieceServer server,
      PeerListener listener,
      Optional<BulkPath.Factory> bulk)
      throws IOException {
    this.transport = transport;
    this.settings = settings;
    this.tls = settings.tls().isPresent() ? new Tls(settings.tls().get()) : null;
    // Our own, so that what we use can be told from what the rest of the worker uses.
    this.allocator = newAllocator(settings.ioThreads());
    this.group =
        transport.newGroup(settings.ioThreads(), new DefaultThreadFactory("mows-channel", true));
    try {
      this.shared = newContext(server, listener, bulk);
    } catch (RuntimeException | Error e) {
      endThreads();
      throw e;
    }
    if (settings.trust().isInsecure()) {
      LOG.warn(
          "The data channel is open to everybody who reaches port {}:"
              + " alluxio.mows.security.insecure=false lets only the workers of this cluster in",
          settings.port());
    }
  }

  private ChannelContext newContext(
      PieceServer server, PeerListener listener, Optional<BulkPath.Factory> bulk) {
    boolean sendsFiles = tls == null && transport.sendsFiles();
    return new ChannelContext(
        settings,
        server,
        listener,
        sendsFiles ? new FilePayload() : new BufferPayload(),
        bulk,
        this::dialOneMore);
  }

  /** One arena of chunks of 1 MiB for each I/O thread. */
  private static PooledByteBufAllocator newAllocator(int arenas) {
    return new PooledByteBufAllocator(
        true,
        0,
        arenas,
        PooledByteBufAllocator.defaultPageSize(),
        7,
        PooledByteBufAllocator.defaultSmallCacheSize(),
        PooledByteBufAllocator.defaultNormalCacheSize(),
        false);
  }

  @Override
  public InetSocketAddress listen() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, receiveBuffers())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, FilePayload.SIZES)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                });
    transport.configure(bootstrap, settings.connectTimeoutMs());
    ChannelFuture bound =
        bootstrap
            .bind(transport.address(new InetSocketAddress(settings.bindHost(), settings.port())))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "The data channel cannot listen on "
              + settings.bindHost()
              + ", port "
              + settings.port()
              + ": "
              + bound.cause().getMessage()
              + ". Free the port, or change alluxio.mows.data.port or"
              + " alluxio.mows.data.bind.host",
          bound.cause());
    }
    keep(bound.channel());
    return transport.inetAddress(bound.channel().localAddress());
  }

  private void accept(Channel channel) {
    InetSocketAddress remote = transport.inetAddress(channel.remoteAddress());
    boolean isFull =
        closed || shared.counters().get(ChannelCount.CONNECTIONS_OPEN) >= settings.maxConnections();
    Optional<Strangers.Visit> visit =
        isFull ? Optional.empty() : shared.strangers().admit(remote.getHostString());
    if (visit.isEmpty()) {
      CloseReason reason = CloseReason.TOO_MANY_CONNECTIONS;
      shared.counters().closed(reason);
      shared.strangers().refused(remote.toString(), reason, "There are as many as there may be");
      channel.close();
      return;
    }
    channel.closeFuture().addListener(future -> visit.get().end());
    if (tls != null) {
      channel.pipeline().addLast(tls.accepting(channel.alloc(), settings.handshakeTimeoutMs()));
    }
    Runnable introduced = visit.get()::end;
    set(channel, new ConnectionHandler(shared, Role.ACCEPTED, remote, known(introduced)));
  }

  private static CompletableFuture<PeerConnection> known(Runnable whenKnown) {
    CompletableFuture<PeerConnection> known = new CompletableFuture<>();
    known.thenRun(whenKnown);
    return known;
  }

  private void set(Channel channel, ConnectionHandler handler) {
    keep(channel);
    channel.pipeline().addLast(handler);
  }

  private void keep(Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(future -> channels.remove(channel));
  }

  @Override
  public CompletableFuture<PeerConnection> connect(InetSocketAddress address) {
    return dial(address, Optional.empty());
  }

  private CompletableFuture<PeerConnection> dialOneMore(KnownPeer peer, byte[] token) {
    return dial(peer.remoteAddress(), Optional.of(new ConnectionHandler.Ticket(peer, token)));
  }

  private CompletableFuture<PeerConnection> dial(
      InetSocketAddress address, Optional<ConnectionHandler.Ticket> ticket) {
    CompletableFuture<PeerConnection> connected = new CompletableFuture<>();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(transport.clientChannel())
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.RCVBUF_ALLOCATOR, receiveBuffers())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.MESSAGE_SIZE_ESTIMATOR, FilePayload.SIZES)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel
                          .pipeline()
                          .addLast(
                              tls.dialling(
                                  address, channel.alloc(), settings.handshakeTimeoutMs()));
                    }
                    set(
                        channel,
                        new ConnectionHandler(shared, Role.DIALLED, address, connected, ticket));
                  }
                });
    transport.configure(bootstrap, settings.connectTimeoutMs());
    try {
      bootstrap
          .connect(transport.address(address))
          .addListener(
              (ChannelFutureListener)
                  future -> {
                    if (!future.isSuccess()) {
                      connected.completeExceptionally(noConnection(address, future.cause()));
                    }
                  });
    } catch (RejectedExecutionException e) {
      connected.completeExceptionally(noConnection(address, e));
    }
    if (closed) {
      // There may be no thread any more that could tell.
      connected.completeExceptionally(
          noConnection(address, new IllegalStateException("the data channel is shut down")));
    }
    return connected;
  }

  private static TransferException noConnection(InetSocketAddress address, Throwable cause) {
    return new TransferException(
        Remedy.RETRY_ELSEWHERE, "No connection with " + address + ": " + cause.getMessage(), cause);
  }

  /**
   * One size, because guessing it costs more system calls; a thread has one such buffer at a time,
   * and its second level cache holds it until the bytes are in the block file.
   */
  private static FixedRecvByteBufAllocator receiveBuffers() {
    return new FixedRecvByteBufAllocator(256 << 10);
  }

  @Override
  public ChannelStats stats() {
    return shared.counters().snapshot();
  }

  /** The buffers that are in use, for tests. */
  long buffersInUse() {
    return allocator.metric().directArenas().stream()
        .mapToLong(arena -> arena.numActiveAllocations())
        .sum();
  }

  @Override
  public void close() {
    closed = true;
    for (Channel channel : channels) {
      ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
      try {
        channel.eventLoop().execute(() -> leave(channel, handler));
      } catch (RejectedExecutionException e) {
        // Closed before.
      }
    }
    endThreads();
    shared.bulk().ifPresent(BulkPath::close);
  }

  /** Runs what was queued, closes what is left, then ends the threads. */
  private void endThreads() {
    group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    if (!group.terminationFuture().awaitUninterruptibly(2L * CLOSE_TIMEOUT_MS)) {
      LOG.warn("The threads of the data channel did not end in {} ms", 2 * CLOSE_TIMEOUT_MS);
    }
  }

  private static void leave(Channel channel, ConnectionHandler handler) {
    if (handler == null) {
      channel.close();
    } else {
      handler.close(CloseReason.CLOSED_HERE, "The data channel is being shut down");
    }
  }
}
