// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft.door;

import io.mows.channel.HostPort;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.ratis.thirdparty.io.netty.bootstrap.Bootstrap;
import org.apache.ratis.thirdparty.io.netty.bootstrap.ServerBootstrap;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFuture;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInitializer;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of a locator's member. It passes bytes on to Ratis, which listens where only this
 * machine can reach it, and does what Ratis 2.4 offers no way to do, because it sets up gRPC by
 * itself: it ends connections that say nothing or something else, and keeps their number down.
 * Where there are too many, the one that has been silent for the longest goes: workers say
 * something every few seconds. Thread-safe; has one thread, {@code mows-locator-door}.
 */
public final class FrontDoor implements DoorPair.Door, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
  private static final long SWEEP_MS = 1_000;
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long CLOSE_MS = 3_000;
  private static final int CONNECT_MS = 3_000;

  private final DoorLimits limits;
  private final LongSupplier nanoClock;
  private final LocatorEvents events;
  private final InetSocketAddress inside;
  private final boolean tls;
  private final EventLoopGroup io = new NioEventLoopGroup(1, NamedThreads.one("mows-locator-door"));

  /** For the thread. */
  private final Set<DoorPair> pairs = new HashSet<>();

  private Channel listening;
  private long untold;
  private long nextLogNs;

  /**
   * @param insidePort where Ratis listens on the loopback address
   * @param tls whether what comes is TLS
   * @param events hears of each connection that is ended here
   */
  public FrontDoor(
      int insidePort,
      boolean tls,
      DoorLimits limits,
      LocatorEvents events,
      LongSupplier nanoClock) {
    this.inside = new InetSocketAddress(InetAddress.getLoopbackAddress(), insidePort);
    this.tls = tls;
    this.limits = limits;
    this.events = events;
    this.nanoClock = nanoClock;
    this.nextLogNs = nanoClock.getAsLong();
  }

  /**
   * Lets them in.
   *
   * @return where
   * @throws IOException if the address cannot be bound
   */
  public InetSocketAddress open(String bindHost, int port) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(io)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    enter(channel);
                  }
                })
            .bind(new InetSocketAddress(bindHost, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "The locator cannot listen on " + HostPort.of(bindHost, port) + ": " + bound.cause(),
          bound.cause());
    }
    listening = bound.channel();
    io.scheduleWithFixedDelay(this::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    return (InetSocketAddress) listening.localAddress();
  }

  private void enter(Channel channel) {
    InetAddress from = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    if (pairs.stream().filter(pair -> pair.isFrom(from)).count() >= limits.perAddress()) {
      makeRoom(from);
    } else if (pairs.size() >= limits.connections()) {
      makeRoom(null);
    }
    DoorPair pair = new DoorPair(this, channel, from, nanoClock);
    pairs.add(pair);
    channel.closeFuture().addListener(closed -> pairs.remove(pair));
    channel.pipeline().addLast(pair.outside());
  }

  /** Ends the connection, of all or of those from one address, that has been silent longest. */
  private void makeRoom(InetAddress from) {
    long nowNs = nanoClock.getAsLong();
    DoorPair longest = null;
    for (DoorPair pair : pairs) {
      boolean counts = from == null || pair.isFrom(from);
      if (counts && (longest == null || pair.silentNs(nowNs) > longest.silentNs(nowNs))) {
        longest = pair;
      }
    }
    if (longest != null) {
      turnAway(longest, "there are too many, and it has said nothing for the longest time");
    }
  }

  /** Ends those that are silent. For the thread. */
  private void sweep() {
    long nowNs = nanoClock.getAsLong();
    for (DoorPair pair : Set.copyOf(pairs)) {
      if (pair.silentNs(nowNs) > (pair.hasSpoken() ? limits.silentNs() : limits.firstBytesNs())) {
        turnAway(pair, "it says nothing");
      }
    }
  }

  /** For the thread. */
  @Override
  public void turnAway(DoorPair pair, String why) {
    pairs.remove(pair);
    events.turnedAway();
    pair.close();
    untold++;
    long nowNs = nanoClock.getAsLong();
    if (nowNs - nextLogNs >= 0) {
      nextLogNs = nowNs + LOG_NS;
      LOG.info("{} connections to the locator were ended, the last one, {}: {}", untold, pair, why);
      untold = 0;
    }
  }

  @Override
  public boolean isOurs(int firstByte) {
    // A record of TLS that is a handshake, or "PRI * HTTP/2.0".
    return firstByte == (tls ? 0x16 : 'P');
  }

  @Override
  public ChannelFuture dialInside(Channel outside, DoorPair pair) {
    return new Bootstrap()
        .group(outside.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
        .handler(pair.inside())
        .connect(inside);
  }

  /** Ends all connections. */
  @Override
  public void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly(CLOSE_MS);
    }
    io.submit(() -> Set.copyOf(pairs).forEach(DoorPair::close)).awaitUninterruptibly(CLOSE_MS);
    io.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
  }
}
