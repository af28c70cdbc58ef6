// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.piece.AtomicPieceBits;
import io.mows.p2p.piece.FileLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What readers see of one fetch: which pieces are here, and where. Written by the engine's thread,
 * read by any without locks. A share that can be seen is never written again: who sees it may read
 * it for as long as its file is open.
 */
public final class FileView {
  private final FileSpec file;
  private final int number;
  private final AtomicPieceBits readable;
  private final AtomicReferenceArray<Filling> blocks;
  private final Map<Integer, UncachedBuffers.Buffer> aside = new ConcurrentHashMap<>();
  private volatile Waiters waiters = Waiters.NONE;

  public FileView(FileSpec file, int number) {
    this.file = file;
    this.number = number;
    this.readable = new AtomicPieceBits(file.layout().pieceCount());
    this.blocks = new AtomicReferenceArray<>(file.layout().blockCount());
  }

  public FileSpec file() {
    return file;
  }

  /** Which fetch of the file it is. */
  public int number() {
    return number;
  }

  public boolean isReadable(int piece) {
    return readable.has(piece);
  }

  /** How many pieces are here. */
  public int count() {
    return readable.count();
  }

  /** The bytes of those. */
  public long bytes() {
    FileLayout layout = file.layout();
    int last = layout.pieceCount() - 1;
    long bytes = (long) readable.count() * layout.pieceBytes();
    boolean isLastHere = last >= 0 && readable.has(last);
    return isLastHere ? bytes - layout.pieceBytes() + layout.pieceLength(last) : bytes;
  }

  /** The piece, if it is held outside the block store; else null. */
  public UncachedBuffers.Buffer aside(int piece) {
    return aside.get(piece);
  }

  /** The file of {@code block}, if the share of {@code piece} can be read from it; else null. */
  public BlockFile fileOf(int block, int piece) {
    Filling filling = blocks.get(block);
    return filling != null && filling.readable.has(piece - filling.firstPiece)
        ? filling.file
        : null;
  }

  public Waiters waiters() {
    return waiters;
  }

  // For the engine's thread.

  public void wait(Waiters now) {
    waiters = now;
  }

  public void publishShare(int block, int piece, long room, BlockFile from) {
    Filling filling = blocks.get(block);
    if (filling == null || filling.room != room) {
      FileLayout layout = file.layout();
      int first = layout.firstPieceOfBlock(block);
      filling = new Filling(room, from, first, layout.lastPieceOfBlock(block) - first + 1);
      blocks.set(block, filling);
    }
    filling.readable.set(piece - filling.firstPiece);
  }

  /** Nobody reads from this room any more. */
  public void close(int block, long room) {
    Filling filling = blocks.get(block);
    if (filling != null && filling.room == room) {
      blocks.set(block, null);
    }
  }

  /**
   * @param bytes where it is outside the block store; null if it is not
   */
  public void publish(int piece, UncachedBuffers.Buffer bytes) {
    if (bytes != null) {
      aside.put(piece, bytes);
    }
    readable.set(piece);
  }

  public void unpublish(int piece) {
    readable.clear(piece);
    aside.remove(piece);
  }

  /** A block that is being filled, and what readers may have of it. */
  private static final class Filling {
    private final long room;
    private final BlockFile file;
    private final int firstPiece;
    private final AtomicPieceBits readable;

    public Filling(long room, BlockFile file, int firstPiece, int pieces) {
      this.room = room;
      this.file = file;
      this.firstPiece = firstPiece;
      this.readable = new AtomicPieceBits(pieces);
    }
  }
}
