// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A worker as far as the data channel sees it. */
public final class TestWorker implements AutoCloseable {
  private final TestPieces pieces = new TestPieces();
  private final TestListener listener = new TestListener();
  private final DataChannel channel;
  private final Consumer<PeerConnection> ready;

  public TestWorker(DataChannelProvider provider, ChannelSettings settings) throws IOException {
    this(provider, settings, peer -> {});
  }

  /**
   * @param ready waits until a peer that was dialled can do all that it ever can
   */
  TestWorker(DataChannelProvider provider, ChannelSettings settings, Consumer<PeerConnection> ready)
      throws IOException {
    this.ready = ready;
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
    PeerConnection peer = channel.connect(address).get(20, TimeUnit.SECONDS);
    ready.accept(peer);
    return peer;
  }

  @Override
  public void close() {
    pieces.openGate();
    channel.close();
  }
}
