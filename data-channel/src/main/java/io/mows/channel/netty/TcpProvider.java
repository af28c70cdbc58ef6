// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import java.io.IOException;
import java.util.Optional;

/** Pieces over TCP: works everywhere, and everything else falls back to it. */
public final class TcpProvider implements DataChannelProvider {
  private final SocketTransport transport;

  /** On epoll where there is epoll. */
  public TcpProvider() {
    this(SocketTransport.best());
  }

  TcpProvider(SocketTransport transport) {
    this.transport = transport;
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Availability availability() {
    return Availability.yes(transport.description());
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener)
      throws IOException {
    return new NettyDataChannel(transport, settings, server, listener, Optional.empty());
  }

  /** The same, with another way for the payload of peers that have it, too. */
  public static DataChannel open(
      ChannelSettings settings, PieceServer server, PeerListener listener, BulkPath.Factory bulk)
      throws IOException {
    return new NettyDataChannel(
        SocketTransport.best(), settings, server, listener, Optional.of(bulk));
  }
}
