// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslHandler;

/**
 * Has the kernel wake a connection's thread when a good part of a payload is there, instead of for
 * each packet ({@code SO_RCVLOWAT}, socket(7)). The end of the connection wakes it all the same.
 * For the connection's thread; does nothing without epoll.
 *
 * <p>Never asks to wait for more than what is left of the payload: that much is sure to come, what
 * follows may not.
 */
final class WakeUps {
  /**
   * A frame's payload; on a link of 25 Gbit/s it comes in 80 us. Where it takes as long as a
   * connection may be idle (9 KB/s by default), the connection is given up.
   */
  private static final int MAX_BYTES = 256 << 10;

  /** Less is not worth the system call. */
  private static final int MIN_BYTES = 32 << 10;

  private final Channel channel;
  private final boolean applies;
  private int lowWaterMark = 1;

  /** TLS is left alone: it may hand out bytes outside of a read, of which nobody would tell us. */
  WakeUps(Channel channel) {
    this.channel = channel;
    this.applies =
        SocketTransport.isOnEpoll(channel) && channel.pipeline().get(SslHandler.class) == null;
  }

  /** {@code payloadLeftBytes} come next, whatever else comes. */
  void expect(int payloadLeftBytes) {
    int wanted = payloadLeftBytes < MIN_BYTES ? 1 : Math.min(payloadLeftBytes, MAX_BYTES);
    if (applies && wanted != lowWaterMark) {
      channel.config().setOption(Kernel.LOW_WATER_MARK, wanted);
      lowWaterMark = wanted;
    }
  }

  /** Apart, so that its classes are not missed where Netty comes without them. */
  private static final class Kernel {
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVLOWAT = 18;
    static final ChannelOption<Integer> LOW_WATER_MARK =
        new IntegerUnixChannelOption("SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT);
  }
}
