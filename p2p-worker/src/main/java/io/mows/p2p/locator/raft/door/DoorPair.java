// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft.door;

import java.net.InetAddress;
import java.util.function.LongSupplier;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFuture;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFutureListener;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.ratis.thirdparty.io.netty.util.ReferenceCountUtil;

/**
 * A connection through the front door: the one from outside and, as soon as that has begun to
 * speak, the one to Ratis. What one brings goes out of the other, no faster than that takes it. For
 * the door's thread.
 */
final class DoorPair {
  private final Door door;
  private final Channel outside;
  private final InetAddress from;
  private final LongSupplier nanoClock;
  private Channel inside;
  private boolean spoken;
  private long lastNs;

  DoorPair(Door door, Channel outside, InetAddress from, LongSupplier nanoClock) {
    this.door = door;
    this.outside = outside;
    this.from = from;
    this.nanoClock = nanoClock;
    this.lastNs = nanoClock.getAsLong();
  }

  boolean isFrom(InetAddress address) {
    return from.equals(address);
  }

  boolean hasSpoken() {
    return spoken;
  }

  long silentNs(long nowNs) {
    return nowNs - lastNs;
  }

  void close() {
    outside.close();
    if (inside != null) {
      inside.close();
    }
  }

  /** What handles the connection from outside. */
  ChannelInboundHandlerAdapter outside() {
    return new Outside();
  }

  /** What handles the connection to Ratis. */
  ChannelInboundHandlerAdapter inside() {
    return new Side() {
      @Override
      Channel other() {
        return outside;
      }
    };
  }

  /** What the door does for its pairs, on its thread. */
  interface Door {
    /** Whether a connection that begins like this may be a worker's. */
    boolean isOurs(int firstByte);

    /** Connects with Ratis, on the thread of {@code outside}. */
    ChannelFuture dialInside(Channel outside, DoorPair pair);

    /** Ends a pair that should not be here. */
    void turnAway(DoorPair pair, String why);
  }

  @Override
  public String toString() {
    return "from " + from.getHostAddress();
  }

  /** One of the two connections. */
  private abstract class Side extends ChannelInboundHandlerAdapter {
    /** Null if there is none yet. */
    abstract Channel other();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      lastNs = nanoClock.getAsLong();
      Channel other = other();
      if (other == null) {
        // It was told not to read before it is connected.
        ReferenceCountUtil.release(bytes);
        DoorPair.this.close();
      } else {
        other.write(bytes);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      Channel other = other();
      if (other != null) {
        other.flush();
        ctx.channel().config().setAutoRead(other.isWritable());
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      Channel other = other();
      if (other != null) {
        other.config().setAutoRead(ctx.channel().isWritable());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      Channel other = other();
      if (other != null) {
        // Behind what is still to be written.
        other.write(ctx.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        other.flush();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      DoorPair.this.close();
    }
  }

  private final class Outside extends Side {
    @Override
    Channel other() {
      return inside;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      if (spoken) {
        super.channelRead(ctx, bytes);
        return;
      }
      ByteBuf first = (ByteBuf) bytes;
      if (!first.isReadable() || !door.isOurs(first.getUnsignedByte(first.readerIndex()))) {
        ReferenceCountUtil.release(bytes);
        door.turnAway(DoorPair.this, "it speaks another protocol");
        return;
      }
      spoken = true;
      lastNs = nanoClock.getAsLong();
      ctx.channel().config().setAutoRead(false);
      door.dialInside(outside, DoorPair.this)
          .addListener(
              (ChannelFutureListener)
                  dialled -> {
                    if (dialled.isSuccess() && outside.isActive()) {
                      inside = dialled.channel();
                      inside.writeAndFlush(bytes);
                      outside.config().setAutoRead(true);
                    } else {
                      ReferenceCountUtil.release(bytes);
                      dialled.channel().close();
                      outside.close();
                    }
                  });
    }
  }
}
