// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;

/**
 * What the user of one side's channel says to the user of the other's. The channel does not look
 * into it.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |              Message (all of the body, 1 B to 4 MiB)         ...
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageFrame {
  private MessageFrame() {}

  /** Copies the message from its position to its limit. */
  public static ByteBuf encode(ByteBufAllocator allocator, ByteBuffer message) {
    return FrameDescriptor.begin(allocator, FrameType.MESSAGE, message.remaining())
        .writeBytes(message);
  }

  /** A copy on the heap, which outlives the frame. */
  static ByteBuffer decode(ByteBuf body) {
    return ByteBuffer.wrap(ByteBufUtil.getBytes(body));
  }
}
