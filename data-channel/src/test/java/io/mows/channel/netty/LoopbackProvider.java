// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The data channel between workers of one process: the same frames, without a socket. For the tests
 * of what is built on the channel. A port is a name in this process and nothing else.
 */
public final class LoopbackProvider implements DataChannelProvider {
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(40_000);

  /** A port that no other test has. */
  public static int freePort() {
    return NEXT_PORT.getAndIncrement();
  }

  @Override
  public String name() {
    return "loopback";
  }

  @Override
  public Availability availability() {
    return Availability.yes("in this process only");
  }

  @Override
  public int priority() {
    return -1;
  }

  @Override
  public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener)
      throws IOException {
    return new NettyDataChannel(new LocalTransport(), settings, server, listener, Optional.empty());
  }

  /** Netty's own transport within a process. */
  private static final class LocalTransport implements NettyTransport {
    @Override
    public EventLoopGroup newGroup(int threads, ThreadFactory threadFactory) {
      return new DefaultEventLoopGroup(threads, threadFactory);
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
      return LocalServerChannel.class;
    }

    @Override
    public Class<? extends Channel> clientChannel() {
      return LocalChannel.class;
    }

    @Override
    public SocketAddress address(InetSocketAddress address) {
      return new LocalAddress("mows-" + address.getPort());
    }

    @Override
    public InetSocketAddress inetAddress(SocketAddress address) {
      String name = ((LocalAddress) address).id();
      // The dialling side of a local connection has no number.
      int port = name.startsWith("mows-") ? Integer.parseInt(name.substring(5)) : 0;
      return InetSocketAddress.createUnresolved("loopback", port);
    }

    @Override
    public boolean sendsFiles() {
      return false;
    }

    @Override
    public void configure(AbstractBootstrap<?, ?> bootstrap, int connectTimeoutMs) {}
  }
}
