// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On real sockets: what counts is what the kernel does. */
final class WakeUpsTest {
  private static final int PAYLOAD_BYTES = 200 << 10;
  private static final int CLOSED = -1;

  private final BlockingQueue<Integer> reads = new LinkedBlockingQueue<>();
  private EpollEventLoopGroup group;
  private Socket peer;

  /** Expects {@link #PAYLOAD_BYTES} once the first bytes have come, and nothing after them. */
  private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
    private WakeUps wakeUps;
    private int receivedBytes;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      wakeUps = new WakeUps(ctx.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      receivedBytes += bytes.readableBytes();
      wakeUps.expect(Math.max(0, PAYLOAD_BYTES - receivedBytes));
      reads.add(bytes.readableBytes());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      reads.add(CLOSED);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    assumeTrue(Epoll.isAvailable(), "there is no epoll here");
    group = new EpollEventLoopGroup(1);
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .childOption(
                ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2 * PAYLOAD_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Reader());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    peer = new Socket(InetAddress.getLoopbackAddress(), port);
    peer.setTcpNoDelay(true);
  }

  @AfterEach
  void close() throws IOException {
    if (group != null) {
      peer.close();
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @Test
  void shouldNotWakeBeforeAllThatIsExpectedIsThere() throws Exception {
    send(1_000);
    receive(1_000);
    send(100_000);
    assertNull(reads.poll(200, TimeUnit.MILLISECONDS), "woken too early");
    send(PAYLOAD_BYTES - 101_000);
    receive(PAYLOAD_BYTES - 1_000);
  }

  @Test
  void shouldWakeForAnythingAfterThePayload() throws Exception {
    send(1_000);
    receive(1_000);
    send(PAYLOAD_BYTES - 1_000);
    receive(PAYLOAD_BYTES - 1_000);
    send(1);
    receive(1);
  }

  @Test
  void shouldSeeAConnectionEndInTheMiddleOfThePayload() throws Exception {
    send(1_000);
    receive(1_000);
    send(10_000);
    peer.close();
    receive(10_000);
    assertEquals(CLOSED, next());
  }

  private void send(int bytes) throws IOException {
    peer.getOutputStream().write(new byte[bytes]);
    peer.getOutputStream().flush();
  }

  /** In as many reads as the kernel sees fit. */
  private void receive(int bytes) throws InterruptedException {
    int received = 0;
    while (received < bytes) {
      int read = next();
      assertTrue(read > 0, "closed after " + received + " of " + bytes + " bytes");
      received += read;
    }
    assertEquals(bytes, received);
  }

  private int next() throws InterruptedException {
    Integer read = reads.poll(10, TimeUnit.SECONDS);
    assertNotNull(read, "nothing was read in 10 s");
    return read;
  }
}
