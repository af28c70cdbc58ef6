// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.ChannelSettings;
import io.mows.channel.SwarmFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The sender takes part in the swarm of a file, and this is its piece map.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                            File Id                            |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                          File Length                          |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                          Piece Length                         |
 *  +---------------+-----------------------------------------------+
 *  |Version Length |            Version (UTF-8)                   ...
 *  +---------------+-----------------------------------------------+
 *  |       Have: ceil(n / 8) bytes for n pieces                   ...
 *  +---------------------------------------------------------------+
 *  |       Arriving: ceil(n / 8) bytes                            ...
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Piece i is bit {@code i % 8} (0 the least significant) of byte {@code i / 8}. Bits beyond the
 * last piece are zero.
 */
public final class OpenFrame {
  static final int FILE_ID_OFFSET = 0;
  static final int LENGTH_OFFSET = 8;
  static final int PIECE_LENGTH_OFFSET = 16;
  static final int VERSION_LENGTH_OFFSET = 20;
  static final int VERSION_OFFSET = 21;
  static final int MIN_BODY_BYTES = VERSION_OFFSET;
  static final int MAX_BODY_BYTES = VERSION_OFFSET + 255 + 2 * ChannelSettings.MAX_FILE_PIECES / 8;

  private OpenFrame() {}

  /**
   * @throws IllegalArgumentException if a bit is set that stands for no piece
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator, SwarmFile file, BitSet have, BitSet arriving) {
    if (Math.max(have.length(), arriving.length()) > file.pieceCount()) {
      throw new IllegalArgumentException("A piece map that is longer than " + file);
    }
    byte[] version = file.version().getBytes(StandardCharsets.UTF_8);
    int mapBytes = mapBytes(file.pieceCount());
    return FrameDescriptor.begin(
            allocator, FrameType.OPEN, VERSION_OFFSET + version.length + 2 * mapBytes)
        .writeLong(file.fileId())
        .writeLong(file.lengthBytes())
        .writeInt(file.pieceBytes())
        .writeByte(version.length)
        .writeBytes(version)
        .writeBytes(Arrays.copyOf(have.toByteArray(), mapBytes))
        .writeBytes(Arrays.copyOf(arriving.toByteArray(), mapBytes));
  }

  static void decode(ByteBuf body, FrameHandler handler) throws ProtocolException {
    long fileId = body.readLong();
    long lengthBytes = body.readLong();
    int pieceBytes = body.readInt();
    int versionBytes = body.readUnsignedByte();
    if (!SwarmFile.isSensible(lengthBytes, pieceBytes)) {
      throw ProtocolException.malformed(
          "OPEN of a file of " + lengthBytes + " bytes in pieces of " + pieceBytes);
    }
    int pieceCount = (int) ((lengthBytes + pieceBytes - 1) / pieceBytes);
    int mapBytes = mapBytes(pieceCount);
    if (body.readableBytes() != versionBytes + 2 * mapBytes) {
      throw ProtocolException.malformed("OPEN whose maps have not the length of its file");
    }
    byte[] version = new byte[versionBytes];
    body.readBytes(version);
    String tag = new String(version, StandardCharsets.UTF_8);
    if (!Arrays.equals(tag.getBytes(StandardCharsets.UTF_8), version)) {
      throw ProtocolException.malformed("OPEN whose version is no UTF-8");
    }
    SwarmFile file = new SwarmFile(fileId, lengthBytes, pieceBytes, tag);
    BitSet have = map(body, mapBytes, pieceCount);
    handler.opened(file, have, map(body, mapBytes, pieceCount));
  }

  private static BitSet map(ByteBuf body, int mapBytes, int pieceCount) throws ProtocolException {
    byte[] bytes = ByteBufUtil.getBytes(body, body.readerIndex(), mapBytes);
    body.skipBytes(mapBytes);
    BitSet map = BitSet.valueOf(bytes);
    if (map.length() > pieceCount) {
      throw ProtocolException.malformed("OPEN with a piece beyond the end of its file");
    }
    return map;
  }

  private static int mapBytes(int pieceCount) {
    return (pieceCount + 7) / 8;
  }
}
