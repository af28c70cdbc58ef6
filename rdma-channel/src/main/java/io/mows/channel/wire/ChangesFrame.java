// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.PieceChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * HAVE, ARRIVING and GONE: what changed in the sender's piece map. The type says what, the body
 * which pieces.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                            File Id                            |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |            Piece (as many as fit in the body length)         ...
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class ChangesFrame {
  /** The most pieces in one frame. */
  public static final int MAX_PIECES = 4_096;

  static final int FILE_ID_OFFSET = 0;
  static final int PIECES_OFFSET = 8;
  static final int MIN_BODY_BYTES = PIECES_OFFSET + Integer.BYTES;
  static final int MAX_BODY_BYTES = PIECES_OFFSET + Integer.BYTES * MAX_PIECES;

  private ChangesFrame() {}

  public static ByteBuf encode(
      ByteBufAllocator allocator, PieceChange change, long fileId, int[] pieces) {
    ByteBuf frame =
        FrameDescriptor.begin(
            allocator, typeOf(change), PIECES_OFFSET + Integer.BYTES * pieces.length);
    frame.writeLong(fileId);
    for (int piece : pieces) {
      frame.writeInt(piece);
    }
    return frame;
  }

  private static FrameType typeOf(PieceChange change) {
    switch (change) {
      case HAVE:
        return FrameType.HAVE;
      case ARRIVING:
        return FrameType.ARRIVING;
      case GONE:
        return FrameType.GONE;
    }
    throw new AssertionError(change);
  }

  static void decode(PieceChange change, ByteBuf body, FrameHandler handler)
      throws ProtocolException {
    long fileId = body.readLong();
    if (body.readableBytes() % Integer.BYTES != 0) {
      throw ProtocolException.malformed(change + " with half a piece number");
    }
    int[] pieces = new int[body.readableBytes() / Integer.BYTES];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = body.readInt();
      if (pieces[i] < 0) {
        throw ProtocolException.malformed(change + " with a negative piece number");
      }
    }
    handler.changed(fileId, change, pieces);
  }
}
