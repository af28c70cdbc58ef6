// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.netty.LoopbackProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network between two workers: dial it instead of the worker. It passes bytes on until a test
 * asks for a fault. It knows nothing of what the bytes mean. Thread-safe.
 */
public final class FaultyLink implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoopGroup group;
  private final Class<? extends Channel> clientChannel;
  private final SocketAddress target;
  private final Channel server;
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
  private final Set<ByteBuf> delayed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final AtomicLong bytesToDialler = new AtomicLong();
  private volatile boolean dropping;
  private volatile long delayMs;
  private volatile long corruptAt = NEVER;
  private volatile long disconnectAt = NEVER;
  private volatile long bytesPerSecondEach = NEVER;

  /**
   * @param listen where to listen
   * @param target the worker to connect to
   */
  private FaultyLink(
      EventLoopGroup group,
      Class<? extends ServerChannel> serverChannel,
      Class<? extends Channel> clientChannel,
      SocketAddress listen,
      SocketAddress target) {
    this.group = group;
    this.clientChannel = clientChannel;
    this.target = target;
    this.server =
        new ServerBootstrap()
            .group(group)
            .channel(serverChannel)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel dialler) {
                    joinToTarget(dialler);
                  }
                })
            .bind(listen)
            .syncUninterruptibly()
            .channel();
  }

  /** A link of sockets to {@code target}. */
  public static FaultyLink tcp(InetSocketAddress target) {
    return new FaultyLink(
        new NioEventLoopGroup(1, new DefaultThreadFactory("faulty-link", true)),
        NioServerSocketChannel.class,
        NioSocketChannel.class,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        target);
  }

  /** A link of {@link io.mows.channel.netty.LoopbackProvider}s. */
  public static FaultyLink loopback(InetSocketAddress target) {
    return new FaultyLink(
        new DefaultEventLoopGroup(1, new DefaultThreadFactory("faulty-link", true)),
        LocalServerChannel.class,
        LocalChannel.class,
        new LocalAddress("mows-" + LoopbackProvider.freePort()),
        new LocalAddress("mows-" + target.getPort()));
  }

  /** Where to dial. */
  public InetSocketAddress address() {
    SocketAddress bound = server.localAddress();
    return bound instanceof LocalAddress
        ? InetSocketAddress.createUnresolved(
            "loopback", Integer.parseInt(((LocalAddress) bound).id().substring(5)))
        : (InetSocketAddress) bound;
  }

  /** From now on nothing gets through, both ways, and nobody is told: a half-open connection. */
  public void drop() {
    dropping = true;
  }

  /** From now on what gets through takes so long. */
  public void delay(long newDelayMs) {
    delayMs = newDelayMs;
  }

  /** Flips a bit of one byte to the dialler, so many bytes from now. */
  public void corruptAfter(long bytes) {
    corruptAt = bytesToDialler.get() + bytes;
  }

  /** Cuts all connections when so many more bytes have gone to the dialler. */
  public void disconnectAfter(long bytes) {
    disconnectAt = bytesToDialler.get() + bytes;
  }

  /** From now on each connection is passed so much of in each direction, however many there are. */
  public void limitEach(long bytesPerSecond) {
    bytesPerSecondEach = bytesPerSecond;
  }

  /** Connections that were made and not cut. */
  public int connections() {
    return (int) channels.stream().filter(Channel::isActive).count() / 2;
  }

  private void joinToTarget(Channel dialler) {
    channels.add(dialler);
    new Bootstrap()
        .group(group)
        .channel(clientChannel)
        .option(ChannelOption.AUTO_READ, false)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel far) {
                channels.add(far);
                far.pipeline().addLast(new Relay(dialler, true));
                dialler.pipeline().addLast(new Relay(far, false));
              }
            })
        .connect(target)
        .addListener(
            (ChannelFutureListener)
                future -> {
                  if (future.isSuccess()) {
                    dialler.read();
                    future.channel().read();
                  } else {
                    dialler.close();
                  }
                });
  }

  @Override
  public void close() {
    server.close();
    channels.forEach(Channel::close);
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000);
    delayed.forEach(ByteBuf::release);
    delayed.clear();
  }

  /** Passes on what one side sends, a read for each write that went out. */
  private final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel out;
    private final boolean toDialler;
    private long freeNs = System.nanoTime();

    Relay(Channel out, boolean toDialler) {
      this.out = out;
      this.toDialler = toDialler;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (dropping) {
        ReferenceCountUtil.release(message);
        ctx.read();
        return;
      }
      ByteBuf bytes = (ByteBuf) message;
      if (toDialler) {
        bytes = harm(bytes);
      }
      ByteBuf harmed = bytes;
      long waitNs = TimeUnit.MILLISECONDS.toNanos(delayMs) + takeTurnNs(harmed.readableBytes());
      if (waitNs > 0) {
        delayed.add(harmed);
        ctx.executor().schedule(() -> passDelayed(ctx, harmed), waitNs, TimeUnit.NANOSECONDS);
      } else {
        pass(ctx, harmed);
      }
    }

    private long takeTurnNs(int bytes) {
      if (bytesPerSecondEach == NEVER) {
        return 0;
      }
      long nowNs = System.nanoTime();
      freeNs = Math.max(nowNs, freeNs) + bytes * 1_000_000_000L / bytesPerSecondEach;
      return freeNs - nowNs;
    }

    private ByteBuf harm(ByteBuf bytes) {
      long from = bytesToDialler.getAndAdd(bytes.readableBytes());
      long to = from + bytes.readableBytes();
      if (corruptAt >= from && corruptAt < to) {
        int index = bytes.readerIndex() + (int) (corruptAt - from);
        bytes.setByte(index, bytes.getByte(index) ^ 0x10);
        corruptAt = NEVER;
      }
      if (disconnectAt < to) {
        channels.forEach(Channel::close);
      }
      return bytes;
    }

    private void passDelayed(ChannelHandlerContext ctx, ByteBuf bytes) {
      delayed.remove(bytes);
      pass(ctx, bytes);
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf bytes) {
      out.writeAndFlush(bytes)
          .addListener(
              future -> {
                if (future.isSuccess()) {
                  ctx.read();
                }
              });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!dropping) {
        out.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
