// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelSettings;
import io.mows.channel.testing.TestListener;
import io.mows.channel.testing.TestPieces;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** A channel that cannot be opened leaves nothing open. */
final class UnopenedChannelTest {
  private final Transport transport = new Transport();
  private int opened;

  private void open(BulkPath.Factory bulk) throws Exception {
    new NettyDataChannel(
        transport,
        ChannelSettings.builder("here").build(),
        new TestPieces(),
        new TestListener(),
        Optional.of(bulk));
  }

  @Test
  void shouldNotOpenAnotherWayForPayloadIfThereAreNoThreads() {
    transport.hasThreads = false;
    assertThrows(
        IllegalStateException.class,
        () ->
            open(
                counters -> {
                  opened++;
                  throw new AssertionError("who would close it?");
                }));
    assertEquals(0, opened);
  }

  @Test
  void shouldEndItsThreadsIfTheOtherWayForPayloadCannotBeOpened() {
    assertThrows(
        UnsupportedOperationException.class,
        () ->
            open(
                counters -> {
                  throw new UnsupportedOperationException("no memory");
                }));
    assertEquals(1, transport.groups.size());
    assertTrue(transport.groups.get(0).isTerminated());
  }

  /** TCP that can be short of threads. */
  private static final class Transport implements NettyTransport {
    private final NettyTransport tcp = SocketTransport.nio();
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private boolean hasThreads = true;

    @Override
    public EventLoopGroup newGroup(int threads, ThreadFactory threadFactory) {
      if (!hasThreads) {
        throw new IllegalStateException("failed to create a child event loop");
      }
      groups.add(tcp.newGroup(threads, threadFactory));
      return groups.get(0);
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
      return tcp.serverChannel();
    }

    @Override
    public Class<? extends Channel> clientChannel() {
      return tcp.clientChannel();
    }

    @Override
    public SocketAddress address(InetSocketAddress address) {
      return tcp.address(address);
    }

    @Override
    public InetSocketAddress inetAddress(SocketAddress address) {
      return tcp.inetAddress(address);
    }

    @Override
    public boolean sendsFiles() {
      return tcp.sendsFiles();
    }

    @Override
    public void configure(AbstractBootstrap<?, ?> bootstrap, int connectTimeoutMs) {
      tcp.configure(bootstrap, connectTimeoutMs);
    }
  }
}
