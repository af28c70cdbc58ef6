// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few pieces kept outside the block store, for files that do not fit into it: readers stream
 * through them. Changed only by the engine's thread; readers hold a piece by {@link Piece#retain}.
 */
final class UncachedPieces {
  private final int maxPieces;
  private final int pieceBytes;
  private final Map<Piece, Boolean> pieces = new LinkedHashMap<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  UncachedPieces(long budgetBytes, int pieceBytes) {
    this.pieceBytes = pieceBytes;
    this.maxPieces = (int) Math.max(4, budgetBytes / pieceBytes);
  }

  int maxPieces() {
    return maxPieces;
  }

  /** Pieces that are held now. */
  int size() {
    return pieces.size();
  }

  /**
   * Room for one more piece, or null if every piece is still being filled or waited for. The oldest
   * one that nobody needs goes first.
   */
  Piece allocate(ArrivedPieces owner, int index) {
    if (pieces.size() >= maxPieces && !evictOne()) {
      return null;
    }
    Piece piece = new Piece(this, owner, index);
    pieces.put(piece, true);
    return piece;
  }

  private boolean evictOne() {
    for (Piece piece : pieces.keySet()) {
      if (piece.owner.isEvictable(piece.index)) {
        piece.owner.evicted(piece.index);
        remove(piece);
        return true;
      }
    }
    return false;
  }

  void remove(Piece piece) {
    pieces.remove(piece);
    piece.release();
    if (pieces.isEmpty()) {
      synchronized (free) {
        free.clear();
      }
    }
  }

  private ByteBuffer takeBuffer() {
    synchronized (free) {
      ByteBuffer buffer = free.poll();
      return buffer != null ? buffer : ByteBuffer.allocateDirect(pieceBytes);
    }
  }

  private void giveBack(ByteBuffer buffer) {
    synchronized (free) {
      if (free.size() < maxPieces) {
        free.push(buffer);
      }
    }
  }

  /** One piece; its buffer is given back when the table and all readers have let go of it. */
  static final class Piece {
    private final UncachedPieces table;
    private final ArrivedPieces owner;
    private final int index;
    private ByteBuffer buffer;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile boolean published;

    private Piece(UncachedPieces table, ArrivedPieces owner, int index) {
      this.table = table;
      this.owner = owner;
      this.index = index;
    }

    void write(int offset, ByteBuffer src) {
      buffer().position(offset).put(src);
    }

    /** Fills {@code dst} from {@code offset} on. Call between retain and release. */
    void read(int offset, ByteBuffer dst) {
      dst.put(buffer().limit(offset + dst.remaining()).position(offset));
    }

    /** Allocated by who writes the first bytes: that may take long, and the engine must not. */
    private synchronized ByteBuffer buffer() {
      if (buffer == null) {
        buffer = table.takeBuffer();
      }
      return buffer.duplicate();
    }

    /** Its version is right: readers may have it. */
    void publish() {
      published = true;
    }

    boolean isPublished() {
      return published;
    }

    boolean retain() {
      return references.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    void release() {
      if (references.decrementAndGet() == 0) {
        giveBack();
      }
    }

    private synchronized void giveBack() {
      if (buffer != null) {
        table.giveBack(buffer);
        buffer = null;
      }
    }
  }
}
