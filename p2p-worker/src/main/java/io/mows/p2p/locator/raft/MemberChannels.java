// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Connections of gRPC to members. All have one I/O thread, {@code mows-locator-io}, which ends with
 * them: gRPC's own live on for a second, and a command that ends meanwhile waits for them.
 * Thread-safe.
 */
final class MemberChannels implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final long CLOSE_MS = 3_000;

  private final Optional<LocatorTls> tls;
  private final EventLoopGroup io = new NioEventLoopGroup(1, NamedThreads.one("mows-locator-io"));
  private final List<ManagedChannel> channels = new ArrayList<>();
  private boolean closed;

  MemberChannels(Optional<LocatorTls> tls) {
    this.tls = tls;
  }

  /** By making a connection that nobody uses and that therefore goes nowhere. */
  static void loadClasses() {
    try (MemberChannels channels = new MemberChannels(Optional.empty())) {
      channels.open("localhost:1");
    }
  }

  /**
   * Connects with the first call. Who has no use for it any more shuts it down.
   *
   * @param address {@code host:port}
   * @throws IllegalStateException if the files of TLS cannot be used, or all is closed
   */
  synchronized ManagedChannel open(String address) {
    if (closed) {
      throw new IllegalStateException("This worker's locator is closed");
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(address)
            .eventLoopGroup(io)
            .channelType(NioSocketChannel.class)
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(MAX_ANSWER_BYTES);
    if (tls.isPresent()) {
      secure(builder, tls.get().config());
    } else {
      builder.usePlaintext();
    }
    ManagedChannel channel = builder.build();
    channels.removeIf(ManagedChannel::isTerminated);
    channels.add(channel);
    return channel;
  }

  private static void secure(NettyChannelBuilder builder, GrpcTlsConfig config) {
    try {
      builder
          .useTransportSecurity()
          .sslContext(
              GrpcSslContexts.forClient()
                  .trustManager(config.getTrustStoreFile())
                  .keyManager(config.getCertChainFile(), config.getPrivateKeyFile())
                  .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** Calls that are under way fail: a question that waits for news would wait for seconds. */
  @Override
  public void close() {
    List<ManagedChannel> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(channels);
    }
    left.forEach(ManagedChannel::shutdownNow);
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
    try {
      for (ManagedChannel channel : left) {
        channel.awaitTermination(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    io.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
  }
}
