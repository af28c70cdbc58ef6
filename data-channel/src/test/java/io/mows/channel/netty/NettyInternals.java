// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import java.util.Optional;

/** What tests in other packages may see of this one. */
public final class NettyInternals {
  private NettyInternals() {}

  /** The buffers that the channel has allocated and not given back. */
  public static long buffersInUse(DataChannel channel) {
    return ((NettyDataChannel) channel).buffersInUse();
  }

  /** The other way for payload, if there is one. */
  public static Optional<BulkLink> bulk(PeerConnection peer) {
    return ((NettyPeerConnection) peer).bulk();
  }

  /** TCP without epoll, as on a machine whose Netty lacks the native library. */
  public static DataChannelProvider tcpOnNio() {
    return new TcpProvider(SocketTransport.nio());
  }
}
