// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.DataChannelProvider;

/** TCP where Netty's native epoll library is missing. */
final class TcpOnNioTest extends TcpTest {
  @Override
  protected DataChannelProvider provider() {
    return NettyInternals.tcpOnNio();
  }
}
