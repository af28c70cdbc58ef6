// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;

/** Which of Netty's transports carries the connections. Stateless. */
interface NettyTransport {
  EventLoopGroup newGroup(int threads, ThreadFactory threadFactory);

  Class<? extends ServerChannel> serverChannel();

  Class<? extends Channel> clientChannel();

  /** The transport's own form of an address. */
  SocketAddress address(InetSocketAddress address);

  /** The address of one end of {@code channel}, as the transport reports it. */
  InetSocketAddress inetAddress(SocketAddress address);

  /** Whether the kernel can be told to send a file. */
  boolean sendsFiles();

  /** Sets the options that only this transport has. */
  void configure(AbstractBootstrap<?, ?> bootstrap, int connectTimeoutMs);
}
