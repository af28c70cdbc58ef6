// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;

/** TCP: on epoll where there is epoll, else on java.nio. */
final class SocketTransport implements NettyTransport {
  private final boolean epoll;

  private SocketTransport(boolean epoll) {
    this.epoll = epoll;
  }

  static SocketTransport best() {
    return new SocketTransport(epollIsAvailable());
  }

  static SocketTransport nio() {
    return new SocketTransport(false);
  }

  /** Also says no if Netty comes without its epoll classes. */
  private static boolean epollIsAvailable() {
    try {
      return Epoll.isAvailable();
    } catch (LinkageError e) {
      return false;
    }
  }

  String description() {
    return epoll ? "TCP on epoll" : "TCP on java.nio (Netty's native epoll library is missing)";
  }

  @Override
  public EventLoopGroup newGroup(int threads, ThreadFactory threadFactory) {
    return epoll
        ? new EpollEventLoopGroup(threads, threadFactory)
        : new NioEventLoopGroup(threads, threadFactory);
  }

  @Override
  public Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  @Override
  public Class<? extends Channel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public SocketAddress address(InetSocketAddress address) {
    return address;
  }

  @Override
  public InetSocketAddress inetAddress(SocketAddress address) {
    return (InetSocketAddress) address;
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public void configure(AbstractBootstrap<?, ?> bootstrap, int connectTimeoutMs) {
    if (bootstrap instanceof ServerBootstrap) {
      ((ServerBootstrap) bootstrap)
          .option(ChannelOption.SO_REUSEADDR, true)
          .option(ChannelOption.SO_BACKLOG, 1_024)
          .childOption(ChannelOption.TCP_NODELAY, true);
    } else {
      ((Bootstrap) bootstrap)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMs)
          .option(ChannelOption.TCP_NODELAY, true);
    }
  }
}
