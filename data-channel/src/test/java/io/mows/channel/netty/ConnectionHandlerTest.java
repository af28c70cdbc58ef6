// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.mows.channel.ChannelSettings;
import io.mows.channel.netty.sending.BufferPayload;
import io.mows.channel.security.ChannelSecret.Role;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.testing.TestListener;
import io.mows.channel.testing.TestPieces;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.FrameDescriptor;
import io.mows.channel.wire.Hello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ConnectionHandlerTest {
  private static final UnpooledByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;

  /** TLS delivers bytes at times without saying that a read is complete. */
  @Test
  void shouldSendItsAnswersWithoutWaitingForTheEndOfTheRead() {
    TestListener listener = new TestListener();
    EmbeddedChannel channel = introduced(listener);
    assertEquals("there", listener.peers().get(0).peerId());
    assertSent(channel, "our HELLO");

    channel.pipeline().fireChannelRead(ControlFrames.ping(BUFFERS, 1));
    assertSent(channel, "PONG");
    channel.runPendingTasks();
    assertNull(channel.readOutbound(), "nothing else is sent");
    channel.finishAndReleaseAll();
  }

  @Test
  void shouldFlushABurstOfMessagesOnce() {
    TestListener listener = new TestListener();
    EmbeddedChannel channel = introduced(listener);
    assertSent(channel, "our HELLO");
    FlushCounter counter = new FlushCounter();
    channel.pipeline().addFirst(counter);
    for (int i = 0; i < 100; i++) {
      listener.peers().get(0).send(ByteBuffer.wrap(new byte[] {(byte) i}));
    }
    channel.runPendingTasks();
    for (int i = 0; i < 100; i++) {
      ByteBuf sent = channel.readOutbound();
      assertEquals(i, sent.getByte(FrameDescriptor.HEADER_BYTES));
      sent.release();
    }
    assertEquals(1, counter.flushes, "flushes");
    channel.finishAndReleaseAll();
  }

  /** A connection whose peer has introduced itself. */
  private static EmbeddedChannel introduced(TestListener listener) {
    ChannelContext shared =
        new ChannelContext(
            ChannelSettings.builder("here").build(),
            new TestPieces(),
            listener,
            new BufferPayload(),
            Optional.empty(),
            (peer, token) -> new CompletableFuture<>());
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ConnectionHandler(
                shared,
                Role.ACCEPTED,
                InetSocketAddress.createUnresolved("there", 1),
                new CompletableFuture<>()));
    channel
        .pipeline()
        .fireChannelRead(
            Hello.of(
                    0, false, new byte[Hello.NONCE_BYTES], new byte[ClusterTrust.ID_BYTES], "there")
                .encode(BUFFERS));
    return channel;
  }

  private static void assertSent(EmbeddedChannel channel, String what) {
    ByteBuf sent = channel.readOutbound();
    assertNotNull(sent, what);
    sent.release();
  }

  private static final class FlushCounter extends ChannelOutboundHandlerAdapter {
    private int flushes;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }
}
