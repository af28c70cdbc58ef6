// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
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
  /**
   * So much of what we write waits in the kernel before it goes onto the wire; without a limit that
   * is up to 4 MiB, one piece. Measured on a link of 500 Mbit/s that is full of pieces: the answer
   * to a message takes 62 ms without a limit, 12 ms with 512 KiB, 10 ms with 256 KiB, 9 ms with 128
   * KiB; a piece has arrived 58, 10, 7 and 6 ms after the kernel has taken all of it. The link was
   * full each time. On loopback all of them cost the sender about 0.03 s of processor time per GB.
   * 512 KiB is the most patient of those that are good: the thread is woken when half of it is
   * gone, and on 25 Gbit/s the other half lasts 80 us.
   */
  private static final long UNSENT_BYTES = 512 << 10;

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

  static boolean isOnEpoll(Channel channel) {
    return epollIsAvailable() && channel instanceof EpollSocketChannel;
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
      ServerBootstrap server = (ServerBootstrap) bootstrap;
      server
          .option(ChannelOption.SO_REUSEADDR, true)
          .option(ChannelOption.SO_BACKLOG, 1_024)
          .childOption(ChannelOption.TCP_NODELAY, true);
      if (epoll) { // java.nio does not know the option.
        server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
      }
    } else {
      bootstrap
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMs)
          .option(ChannelOption.TCP_NODELAY, true);
      if (epoll) {
        bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
      }
    }
  }
}
