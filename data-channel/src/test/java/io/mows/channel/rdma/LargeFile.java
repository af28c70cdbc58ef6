// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceServer;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32;

/**
 * A file on tmpfs that is larger than anybody wants on the heap. Each piece is the same random
 * bytes but for its number at the start, so no two are alike.
 */
final class LargeFile implements PieceServer, AutoCloseable {
  static final int PIECE_BYTES = 4 << 20;

  private final Path path;
  private final BlockFile file;
  private final int pieces;

  private LargeFile(Path path, int pieces) throws IOException {
    this.path = path;
    this.file = BlockFile.openForWrite(path, (long) pieces * PIECE_BYTES);
    this.pieces = pieces;
  }

  /** An empty one. */
  static LargeFile roomFor(int pieces) throws IOException {
    return new LargeFile(Files.createTempFile(Path.of("/dev/shm"), "large", ""), pieces);
  }

  static LargeFile filled(int pieces) throws IOException {
    LargeFile filled = roomFor(pieces);
    for (int piece = 0; piece < pieces; piece++) {
      filled.file.write((long) piece * PIECE_BYTES, content(piece));
    }
    return filled;
  }

  private static ByteBuffer content(int piece) {
    return Template.BYTES.duplicate().putInt(0, piece);
  }

  static int crc32(int piece) {
    return crc32(content(piece));
  }

  private static int crc32(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  int pieces() {
    return pieces;
  }

  PieceRequest request(int piece) {
    return new PieceRequest(1, piece, 0, PIECE_BYTES, false);
  }

  BlockParts parts(int piece) {
    return BlockParts.of(file, (long) piece * PIECE_BYTES, PIECE_BYTES);
  }

  /** The CRC32 of what is in the file. */
  int storedCrc32(int piece) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE_BYTES);
    parts(piece).read(0, bytes);
    return crc32(bytes.flip());
  }

  @Override
  public CompletionStage<PieceAnswer> serve(PeerConnection peer, PieceRequest request) {
    int piece = request.piece();
    return CompletableFuture.completedFuture(
        PieceAnswer.of(
            parts(piece).slice(request.offset(), request.lengthBytes()), crc32(piece), sent -> {}));
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.delete(path);
  }

  private static final class Template {
    private static final ByteBuffer BYTES = random();

    private static ByteBuffer random() {
      byte[] bytes = new byte[PIECE_BYTES];
      new Random(1).nextBytes(bytes);
      return ByteBuffer.wrap(bytes);
    }
  }
}
