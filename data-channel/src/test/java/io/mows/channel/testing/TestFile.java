// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.PieceRequest;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** A file cut into pieces, kept in block files of a directory. */
public final class TestFile implements AutoCloseable {
  private final long fileId;
  private final byte[] content;
  private final int pieceBytes;
  private final int blockBytes;
  private final List<BlockFile> blocks = new ArrayList<>();

  private TestFile(long fileId, byte[] content, int pieceBytes, int blockBytes) {
    this.fileId = fileId;
    this.content = content;
    this.pieceBytes = pieceBytes;
    this.blockBytes = blockBytes;
  }

  /** A file of random bytes, all there. */
  public static TestFile random(
      Path dir, long fileId, int lengthBytes, int pieceBytes, int blockBytes) throws IOException {
    byte[] content = new byte[lengthBytes];
    new Random(fileId).nextBytes(content);
    TestFile file = new TestFile(fileId, content, pieceBytes, blockBytes);
    file.createBlocks(dir, content);
    return file;
  }

  /** Room for a file like {@code other}, with blocks of another length. */
  public static TestFile roomFor(Path dir, TestFile other, int blockBytes) throws IOException {
    TestFile room = new TestFile(other.fileId, other.content, other.pieceBytes, blockBytes);
    room.createBlocks(dir, new byte[0]);
    return room;
  }

  private void createBlocks(Path dir, byte[] bytes) throws IOException {
    for (int from = 0; from < content.length; from += blockBytes) {
      Path path = Files.createTempFile(dir, "block", "");
      int to = Math.min(content.length, from + blockBytes);
      BlockFile block = BlockFile.openForWrite(path, to - from);
      blocks.add(block);
      if (to <= bytes.length) {
        block.write(0, ByteBuffer.wrap(bytes, from, to - from));
      }
    }
  }

  public long fileId() {
    return fileId;
  }

  public int pieceCount() {
    return (content.length + pieceBytes - 1) / pieceBytes;
  }

  /** The request for a whole piece. */
  public PieceRequest wholePiece(int piece) {
    int length = Math.min(pieceBytes, content.length - piece * pieceBytes);
    return new PieceRequest(fileId, piece, 0, length, false);
  }

  /** Whether the request asks for bytes of this file. */
  public boolean has(PieceRequest request) {
    return request.fileId() == fileId
        && request.piece() < pieceCount()
        && request.offset() + request.lengthBytes() <= wholePiece(request.piece()).lengthBytes();
  }

  /** Where the requested bytes are or belong. */
  public BlockParts parts(PieceRequest request) {
    int at = request.piece() * pieceBytes + request.offset();
    int end = at + request.lengthBytes();
    BlockParts parts = BlockParts.empty();
    while (at < end) {
      int block = at / blockBytes;
      int to = Math.min(end, (block + 1) * blockBytes);
      parts = parts.and(blocks.get(block), at - block * blockBytes, to - at);
      at = to;
    }
    return parts;
  }

  public byte[] expected(PieceRequest request) {
    int at = request.piece() * pieceBytes + request.offset();
    return Arrays.copyOfRange(content, at, at + request.lengthBytes());
  }

  public int crc32(PieceRequest request) {
    CRC32 crc = new CRC32();
    crc.update(expected(request));
    return (int) crc.getValue();
  }

  /** The requested bytes as they are in the block files. */
  public byte[] stored(PieceRequest request) {
    ByteBuffer bytes = ByteBuffer.allocate(request.lengthBytes());
    try {
      parts(request).read(0, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    for (BlockFile block : blocks) {
      block.close();
    }
  }
}
