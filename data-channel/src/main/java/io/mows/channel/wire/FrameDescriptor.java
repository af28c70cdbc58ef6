// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What all frames have in common. Numbers are big-endian and unsigned unless said otherwise.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |      'M'             'W'      |    Version    |     Type      |
 *  +---------------+---------------+---------------+---------------+
 *  |                          Body Length                          |
 *  +---------------------------------------------------------------+
 *  |                             Body                             ...
 * ...                                                              |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The magic tells a stranger's bytes, and a stream that lost its frames, from ours. The version
 * changes when the meaning of any frame does; two workers of different versions do not talk (and
 * read from other sources). What can be left out is negotiated with {@link Hello#capabilities()}
 * instead. Every type has its own cap on the body length: {@link FrameType}.
 */
public final class FrameDescriptor {
  public static final int MAGIC = 'M' << 8 | 'W';
  public static final int VERSION = 1;

  public static final int MAGIC_OFFSET = 0;
  public static final int VERSION_OFFSET = 2;
  public static final int TYPE_OFFSET = 3;
  public static final int LENGTH_OFFSET = 4;
  public static final int HEADER_BYTES = 8;

  private FrameDescriptor() {}

  /** A buffer that holds a header, with room for the body. The caller owns it. */
  static ByteBuf begin(ByteBufAllocator allocator, FrameType type, int bodyBytes) {
    return begin(allocator, type, bodyBytes, bodyBytes);
  }

  /**
   * @param roomBytes how much of the body this buffer will hold; the rest is sent behind it
   */
  static ByteBuf begin(ByteBufAllocator allocator, FrameType type, int bodyBytes, int roomBytes) {
    if (bodyBytes < type.minBodyBytes() || bodyBytes > type.maxBodyBytes()) {
      throw new IllegalArgumentException(type + " cannot have a body of " + bodyBytes + " bytes");
    }
    return allocator
        .directBuffer(HEADER_BYTES + roomBytes)
        .writeShort(MAGIC)
        .writeByte(VERSION)
        .writeByte(type.code())
        .writeInt(bodyBytes);
  }
}
