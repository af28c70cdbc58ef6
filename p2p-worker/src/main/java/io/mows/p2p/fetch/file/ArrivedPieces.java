// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.ViewEffects;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The pieces of one file that readers can have: those in blocks and those kept aside. For the
 * engine's thread; readers see what {@link ViewEffects#publish} says.
 */
public final class ArrivedPieces implements UncachedSlots.Owner {
  private final FileSpec file;
  private final PieceTable plan;
  private final UncachedSlots slots;
  private final FetchEffects effects;
  private final IntConsumer onLost;
  private final BitSet readable = new BitSet();
  private final Map<Integer, Long> aside = new HashMap<>();
  private int count;
  private boolean closed;

  /**
   * @param onLost told of each piece that cannot be read any more
   */
  public ArrivedPieces(
      FileSpec file,
      PieceTable plan,
      UncachedSlots slots,
      FetchEffects effects,
      IntConsumer onLost) {
    this.file = file;
    this.plan = plan;
    this.slots = slots;
    this.effects = effects;
    this.onLost = onLost;
  }

  /** Whether the bytes of {@code piece} can be read now. */
  public boolean isReadable(int piece) {
    return readable.get(piece);
  }

  /** Whether they can be read, from outside the block store. */
  public boolean isReadableAside(int piece) {
    return readable.get(piece) && aside.containsKey(piece);
  }

  public int count() {
    return count;
  }

  public boolean isComplete() {
    return count == file.layout().pieceCount();
  }

  public void publish(int piece) {
    if (!readable.get(piece)) {
      readable.set(piece);
      count++;
    }
    effects.views().publish(file, piece, aside.getOrDefault(piece, UncachedSlots.NONE));
  }

  public void keepAside(int piece, long slot) {
    Long before = aside.put(piece, slot);
    if (before != null) {
      slots.free(before);
    }
  }

  public boolean holdsAside() {
    return !aside.isEmpty();
  }

  /** The bytes of {@code piece} are not to be had any more; it is missing again. */
  public void lose(int piece) {
    hide(piece);
    dropAside(piece);
  }

  private void hide(int piece) {
    if (readable.get(piece)) {
      readable.clear(piece);
      count--;
    }
    plan.lost(piece);
    if (!closed) {
      effects.views().unpublish(file, piece);
      onLost.accept(piece);
    }
  }

  public void dropAside(int piece) {
    Long slot = aside.remove(piece);
    if (slot != null) {
      slots.free(slot);
    }
  }

  @Override
  public boolean isEvictable(int piece) {
    return readable.get(piece) && !plan.wants().isAwaited(piece);
  }

  @Override
  public void evicted(int piece) {
    aside.remove(piece);
    hide(piece);
  }

  /** The fetch is over: from now on nobody is told anything. */
  public void close() {
    closed = true;
    new ArrayList<>(aside.keySet()).forEach(this::dropAside);
  }

  /** The bytes of so many readable pieces. */
  public static long bytes(FileLayout layout, int count, boolean isLastReadable) {
    long bytes = (long) count * layout.pieceBytes();
    int last = layout.pieceCount() - 1;
    return isLastReadable ? bytes - layout.pieceBytes() + layout.pieceLength(last) : bytes;
  }
}
