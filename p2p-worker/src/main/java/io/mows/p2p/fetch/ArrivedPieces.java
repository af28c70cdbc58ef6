// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceMap;
import io.mows.p2p.swarm.FilePlan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * The pieces of one file that readers can have: those in blocks being filled and those kept aside.
 * Changed by the engine's thread only; the methods that say so may be called by any thread.
 */
final class ArrivedPieces {
  private final FilePlan plan;
  private final UncachedPieces table;
  private final PieceMap readable;
  private final IntConsumer onLost;
  private final Map<Integer, UncachedPieces.Piece> aside = new ConcurrentHashMap<>();

  /**
   * @param onLost told of each piece that cannot be read any more
   */
  ArrivedPieces(FilePlan plan, UncachedPieces table, int pieceCount, IntConsumer onLost) {
    this.plan = plan;
    this.table = table;
    this.readable = new PieceMap(pieceCount);
    this.onLost = onLost;
  }

  /** Any thread: whether the bytes of {@code piece} can be read now. */
  boolean isReadable(int piece) {
    return readable.has(piece);
  }

  /** Any thread: the piece, if it is held outside the block store and may be read; else null. */
  UncachedPieces.Piece aside(int piece) {
    UncachedPieces.Piece bytes = aside.get(piece);
    return bytes != null && bytes.isPublished() ? bytes : null;
  }

  /** Any thread. */
  int count() {
    return readable.count();
  }

  /** Any thread. */
  long bytes(FileLayout layout) {
    int last = layout.pieceCount() - 1;
    long bytes = (long) readable.count() * layout.pieceBytes();
    boolean isLastHere = last >= 0 && readable.has(last);
    return isLastHere ? bytes - layout.pieceBytes() + layout.pieceLength(last) : bytes;
  }

  void publish(int piece) {
    UncachedPieces.Piece bytes = aside.get(piece);
    if (bytes != null) {
      bytes.publish();
    }
    readable.set(piece);
  }

  void keepAside(int piece, UncachedPieces.Piece bytes) {
    aside.put(piece, bytes);
  }

  boolean holdsAside() {
    return !aside.isEmpty();
  }

  /** The bytes of {@code piece} are not to be had any more; it is missing again. */
  void lose(int piece) {
    readable.clear(piece);
    plan.lost(piece);
    onLost.accept(piece);
    dropAside(piece);
  }

  void dropAside(int piece) {
    UncachedPieces.Piece bytes = aside.remove(piece);
    if (bytes != null) {
      table.remove(bytes);
    }
  }

  /** Whether {@code piece}, kept aside, may make room for another one. */
  boolean isEvictable(int piece) {
    return readable.has(piece) && !plan.isAwaited(piece);
  }

  /** The table has taken {@code piece} away. */
  void evicted(int piece) {
    aside.remove(piece);
    readable.clear(piece);
    plan.lost(piece);
    onLost.accept(piece);
  }

  void clear() {
    aside.keySet().forEach(this::dropAside);
  }
}
