// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The frames by which two workers come to have more than one connection. Only for peers with the
 * capability {@link Hello#LANES}; a connection whose HELLO has {@link Hello#LANE} too begins with
 * JOIN, and is one more way for requests and pieces, for nothing else.
 *
 * <pre>
 *  INVITE    0: token (16 bytes)       to who dialled, once: connections that show it are welcome
 *  WANT      0: count (1)              to who dialled: so many are wanted beside the first
 *  JOIN      0: token (16 bytes)       first on such a connection, by who dialled
 * </pre>
 */
public final class LaneFrames {
  public static final int TOKEN_BYTES = 16;

  /** More cannot be wanted. */
  public static final int MAX_WANTED = 255;

  static final int WANT_BODY_BYTES = 1;

  private LaneFrames() {}

  public static ByteBuf invite(ByteBufAllocator allocator, byte[] token) {
    return FrameDescriptor.begin(allocator, FrameType.INVITE, token.length).writeBytes(token);
  }

  public static ByteBuf want(ByteBufAllocator allocator, int count) {
    return FrameDescriptor.begin(allocator, FrameType.WANT, WANT_BODY_BYTES)
        .writeByte(Math.min(count, MAX_WANTED));
  }

  public static ByteBuf join(ByteBufAllocator allocator, byte[] token) {
    return FrameDescriptor.begin(allocator, FrameType.JOIN, token.length).writeBytes(token);
  }
}
