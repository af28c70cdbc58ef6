// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.StoreException;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.RunningCrc32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spreads the bytes of one piece over the blocks it lies in, and keeps them aside as well if one of
 * these blocks has no room.
 */
final class PieceWriter implements PieceSink {
  static final int NONE = -1;

  private static final int CANCELLED = 1 << 30;

  private final FileLayout layout;
  private final int piece;
  private final List<Part> parts;
  private final UncachedBuffers.Buffer uncached;
  private final RunningCrc32 crc;

  /** How many write now; from {@link #CANCELLED} on no more may begin. */
  private final AtomicInteger writers = new AtomicInteger();

  private volatile int failedBlock = NONE;

  /**
   * @param parts the blocks that are being filled
   * @param uncached where to keep the piece if it is not cached whole, else null
   * @param crc follows the bytes if that is wanted, else null
   */
  PieceWriter(
      FileLayout layout,
      int piece,
      List<Part> parts,
      UncachedBuffers.Buffer uncached,
      RunningCrc32 crc) {
    this.layout = layout;
    this.piece = piece;
    this.parts = parts;
    this.uncached = uncached;
    this.crc = crc;
  }

  @Override
  public void write(int offset, ByteBuffer src) throws StoreException {
    if (offset < 0 || offset + src.remaining() > layout.pieceLength(piece)) {
      throw new IndexOutOfBoundsException(
          "Bytes " + offset + "+" + src.remaining() + " are outside piece " + piece);
    }
    try {
      if (writers.incrementAndGet() > CANCELLED) {
        throw new StoreException("Piece " + piece + " is not wanted from here any more");
      }
      store(offset, src);
    } finally {
      writers.decrementAndGet();
    }
  }

  private void store(int offset, ByteBuffer src) throws StoreException {
    // Before they are stored: what happens to them in memory is seen when they are read.
    if (crc != null) {
      synchronized (crc) {
        crc.update(offset, src);
      }
    }
    if (uncached != null) {
      uncached.write(offset, src.duplicate());
    }
    long start = layout.pieceOffset(piece) + offset;
    long end = start + src.remaining();
    for (Part part : parts) {
      long from = Math.max(start, layout.blockOffset(part.block));
      long to = Math.min(end, layout.blockEnd(part.block));
      if (from < to) {
        ByteBuffer slice = src.duplicate();
        slice
            .limit(src.position() + (int) (to - start))
            .position(src.position() + (int) (from - start));
        write(part, from - layout.blockOffset(part.block), slice);
      }
    }
    src.position(src.limit());
  }

  private void write(Part part, long offset, ByteBuffer bytes) throws StoreException {
    try {
      part.file.write(offset, bytes);
    } catch (IOException e) {
      failedBlock = part.block;
      throw new StoreException(
          "Bytes could not be written to " + part.file.path() + ": " + e.getMessage(), e);
    }
  }

  /** The block whose file took no more bytes; {@link #NONE} if there is none. */
  int failedBlock() {
    return failedBlock;
  }

  /**
   * Any thread: takes no more bytes, so that its transfer ends soon.
   *
   * @return whether none are being written either: nothing comes any more, whoever still tries
   */
  boolean cancel() {
    return writers.getAndUpdate(n -> n | CANCELLED) % CANCELLED == 0;
  }

  /** The CRC32 of the piece if that is known; call when all bytes have been written. */
  OptionalInt crc32() {
    if (crc == null) {
      return OptionalInt.empty();
    }
    synchronized (crc) {
      return crc.value(layout.pieceLength(piece));
    }
  }

  /** One block that takes its share of the piece. Immutable. */
  static final class Part {
    private final int block;
    private final BlockFile file;

    Part(int block, BlockFile file) {
      this.block = block;
      this.file = file;
    }
  }
}
