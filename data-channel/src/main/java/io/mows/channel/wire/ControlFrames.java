// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.CloseReason;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The frames whose body is a few fixed fields.
 *
 * <pre>
 *  AUTH      0: proof of the secret (32 bytes)
 *  GOODBYE   0: close reason (2)                  the last frame of a side
 *  PING      0: token (8)                         answered by PONG with the same token
 *  PONG      0: token (8)
 *  CANCEL    0: request id (4)                    the sender wants no more of this request
 *
 *  REFUSED
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           Request Id                          |
 *  +---------------+---------------+-------------------------------+
 *  |    Reason     |    Remedy     |
 *  +---------------+---------------+
 *     reason  0 busy, 1 gone, 2 not allowed, 3 unknown
 *     remedy  0 retry, 1 retry elsewhere
 * </pre>
 */
public final class ControlFrames {
  static final int GOODBYE_BODY_BYTES = 2;
  static final int PING_BODY_BYTES = 8;
  static final int CANCEL_BODY_BYTES = 4;

  static final int REFUSED_REASON_OFFSET = 4;
  static final int REFUSED_REMEDY_OFFSET = 5;
  static final int REFUSED_BODY_BYTES = 6;

  private ControlFrames() {}

  public static ByteBuf auth(ByteBufAllocator allocator, byte[] proof) {
    return FrameDescriptor.begin(allocator, FrameType.AUTH, proof.length).writeBytes(proof);
  }

  public static ByteBuf goodbye(ByteBufAllocator allocator, CloseReason reason) {
    return FrameDescriptor.begin(allocator, FrameType.GOODBYE, GOODBYE_BODY_BYTES)
        .writeShort(reason.code());
  }

  public static ByteBuf ping(ByteBufAllocator allocator, long token) {
    return FrameDescriptor.begin(allocator, FrameType.PING, PING_BODY_BYTES).writeLong(token);
  }

  public static ByteBuf pong(ByteBufAllocator allocator, long token) {
    return FrameDescriptor.begin(allocator, FrameType.PONG, PING_BODY_BYTES).writeLong(token);
  }

  public static ByteBuf cancel(ByteBufAllocator allocator, int requestId) {
    return FrameDescriptor.begin(allocator, FrameType.CANCEL, CANCEL_BODY_BYTES)
        .writeInt(requestId);
  }

  public static ByteBuf refused(ByteBufAllocator allocator, int requestId, RefusalReason reason) {
    return FrameDescriptor.begin(allocator, FrameType.REFUSED, REFUSED_BODY_BYTES)
        .writeInt(requestId)
        .writeByte(codeOf(reason))
        .writeByte(reason.remedy() == Remedy.RETRY ? 0 : 1);
  }

  private static int codeOf(RefusalReason reason) {
    switch (reason) {
      case BUSY:
        return 0;
      case GONE:
        return 1;
      case NOT_ALLOWED:
        return 2;
      case UNKNOWN:
        return 3;
    }
    throw new AssertionError(reason);
  }

  static RefusalReason decodeReason(ByteBuf refused) throws ProtocolException {
    int code = refused.getByte(refused.readerIndex() + REFUSED_REASON_OFFSET);
    for (RefusalReason reason : RefusalReason.values()) {
      if (codeOf(reason) == code) {
        return reason;
      }
    }
    throw ProtocolException.malformed("REFUSED for the unknown reason " + code);
  }

  static Remedy decodeRemedy(ByteBuf refused) throws ProtocolException {
    switch (refused.getByte(refused.readerIndex() + REFUSED_REMEDY_OFFSET)) {
      case 0:
        return Remedy.RETRY;
      case 1:
        return Remedy.RETRY_ELSEWHERE;
      default:
        throw ProtocolException.malformed("REFUSED with an unknown remedy");
    }
  }
}
