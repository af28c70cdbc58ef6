// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A part of the bytes that were requested. A piece comes in several frames, so that other frames
 * and other pieces can go between, and so that a cancelled one stops early.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           Request Id                          |
 *  +---------------------------------------------------------------+
 *  |                  Offset in what was requested                 |
 *  +---------------------------------------------------------------+
 *  |         CRC32 of all that was requested (same in each)        |
 *  +---------------------------------------------------------------+
 *  |                            Payload                           ...
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The frames of one request come in order and without gaps.
 */
public final class PieceFrame {
  /** The most payload in one frame. */
  public static final int MAX_PAYLOAD_BYTES = 1 << 20;

  static final int REQUEST_ID_OFFSET = 0;
  static final int OFFSET_OFFSET = 4;
  static final int CRC32_OFFSET = 8;
  static final int FIXED_BYTES = 12;

  private PieceFrame() {}

  /** All of the frame but its payload, which must follow. */
  public static ByteBuf encodeStart(
      ByteBufAllocator allocator, int requestId, int offset, int crc32, int payloadBytes) {
    return FrameDescriptor.begin(
            allocator, FrameType.PIECE, FIXED_BYTES + payloadBytes, FIXED_BYTES)
        .writeInt(requestId)
        .writeInt(offset)
        .writeInt(crc32);
  }
}
