// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.PieceRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The sender wants bytes of a piece.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           Request Id                          |
 *  +---------------------------------------------------------------+
 *  |                            File Id                            |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                             Piece                             |
 *  +---------------------------------------------------------------+
 *  |                     Offset in the Piece                       |
 *  +---------------------------------------------------------------+
 *  |                            Length                             |
 *  +---------------+-----------------------------------------------+
 *  |     Flags     |
 *  +---------------+
 *     flags   1 somebody waits for it
 *             2 a GRANT is welcome (only where both sides have a bulk capability)
 * </pre>
 *
 * <p>Each side counts its request ids up from 0, so an id that is neither open nor to come belongs
 * to a request that has ended.
 */
public final class RequestFrame {
  static final int REQUEST_ID_OFFSET = 0;
  static final int FILE_ID_OFFSET = 4;
  static final int PIECE_OFFSET = 12;
  static final int OFFSET_OFFSET = 16;
  static final int LENGTH_OFFSET = 20;
  static final int FLAGS_OFFSET = 24;
  static final int BODY_BYTES = 25;

  private static final int URGENT = 1;
  private static final int BULK = 2;

  private RequestFrame() {}

  /**
   * @param bulk whether the sender can get the bytes another way than by PIECE
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator, int requestId, PieceRequest request, boolean bulk) {
    return FrameDescriptor.begin(allocator, FrameType.REQUEST, BODY_BYTES)
        .writeInt(requestId)
        .writeLong(request.fileId())
        .writeInt(request.piece())
        .writeInt(request.offset())
        .writeInt(request.lengthBytes())
        .writeByte((request.isUrgent() ? URGENT : 0) | (bulk ? BULK : 0));
  }

  static void decode(ByteBuf body, FrameHandler handler) throws ProtocolException {
    int requestId = body.readInt();
    long fileId = body.readLong();
    int piece = body.readInt();
    int offset = body.readInt();
    int lengthBytes = body.readInt();
    int flags = body.readUnsignedByte();
    if (!PieceRequest.isSensible(piece, offset, lengthBytes)) {
      throw ProtocolException.malformed(
          "REQUEST of piece " + piece + ", bytes " + offset + "+" + lengthBytes);
    }
    if ((flags & ~(URGENT | BULK)) != 0) {
      throw ProtocolException.malformed("REQUEST whose flags are " + flags);
    }
    handler.requested(
        requestId,
        new PieceRequest(fileId, piece, offset, lengthBytes, (flags & URGENT) != 0),
        (flags & BULK) != 0);
  }
}
