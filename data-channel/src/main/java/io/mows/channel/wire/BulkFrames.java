// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The frames of a connection whose pieces may come another way than by PIECE. What is in an offer
 * or a grant is for the provider that both sides have in common; {@link Hello#capabilities()} says
 * which.
 *
 * <pre>
 *  OFFER     0: how the sender's memory can be reached (1 to 255 bytes); once, after the HELLOs
 *
 *  GRANT     in place of PIECE, if the REQUEST says that one is welcome
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           Request Id                          |
 *  +---------------------------------------------------------------+
 *  |                CRC32 of all that was requested                |
 *  +---------------------------------------------------------------+
 *  |                     Grant (1 to 1024 bytes)                  ...
 *  +---------------------------------------------------------------+
 *
 *  TAKEN     0: request id (4)   4: 1 the bytes are there, 0 they could not be had, send PIECE
 * </pre>
 *
 * <p>The grant ends with TAKEN or CANCEL. Whoever got it sends neither while a transfer that uses
 * it is under way.
 */
public final class BulkFrames {
  public static final int MAX_OFFER_BYTES = 255;
  public static final int MAX_GRANT_BYTES = 1024;

  static final int GRANT_FIXED_BYTES = 8;
  static final int TAKEN_SUCCESS_OFFSET = 4;
  static final int TAKEN_BODY_BYTES = 5;

  private BulkFrames() {}

  public static ByteBuf offer(ByteBufAllocator allocator, byte[] offer) {
    return FrameDescriptor.begin(allocator, FrameType.OFFER, offer.length).writeBytes(offer);
  }

  public static ByteBuf grant(ByteBufAllocator allocator, int requestId, int crc32, byte[] grant) {
    return FrameDescriptor.begin(allocator, FrameType.GRANT, GRANT_FIXED_BYTES + grant.length)
        .writeInt(requestId)
        .writeInt(crc32)
        .writeBytes(grant);
  }

  public static ByteBuf taken(ByteBufAllocator allocator, int requestId, boolean success) {
    return FrameDescriptor.begin(allocator, FrameType.TAKEN, TAKEN_BODY_BYTES)
        .writeInt(requestId)
        .writeByte(success ? 1 : 0);
  }

  /** The request id has been read. */
  static boolean decodeSuccess(ByteBuf taken) throws ProtocolException {
    int success = taken.readUnsignedByte();
    if (success > 1) {
      throw ProtocolException.malformed("TAKEN whose success is " + success);
    }
    return success == 1;
  }
}
