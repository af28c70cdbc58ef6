// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A worker as far as the data channel sees it. */
public final class TestWorker implements AutoCloseable {
  private final TestPieces pieces = new TestPieces();
  private final TestListener listener = new TestListener();
  private final DataChannel channel;

  public TestWorker(DataChannelProvider provider, ChannelSettings settings) throws IOException {
    this.channel = provider.open(settings, pieces, listener);
  }

  public TestPieces pieces() {
    return pieces;
  }

  public TestListener listener() {
    return listener;
  }

  public DataChannel channel() {
    return channel;
  }

  public PeerConnection connect(InetSocketAddress address) throws Exception {
    return channel.connect(address).get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    pieces.openGate();
    channel.close();
  }
}
