// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Which pieces are kept outside the block store, for files that do not fit into it: readers stream
 * through them. Knows no bytes. For the engine's thread.
 */
public final class UncachedSlots {
  /** No slot. */
  public static final long NONE = 0;

  private final int maxPieces;
  private final LongConsumer onFree;
  private final Map<Long, Held> slots = new LinkedHashMap<>();
  private long next = NONE + 1;

  /** Whose pieces they are. */
  public interface Owner {
    /** Whether {@code piece} may make room for another one. */
    boolean isEvictable(int piece);

    /** {@code piece} is taken away. */
    void evicted(int piece);
  }

  /**
   * @param onFree told of each slot whose bytes are not needed any more
   */
  public UncachedSlots(long budgetBytes, int pieceBytes, LongConsumer onFree) {
    this.maxPieces = maxPieces(budgetBytes, pieceBytes);
    this.onFree = onFree;
  }

  /** How many fit into {@code budgetBytes}; a few always do. */
  public static int maxPieces(long budgetBytes, int pieceBytes) {
    return (int) Math.max(4, budgetBytes / pieceBytes);
  }

  public int maxPieces() {
    return maxPieces;
  }

  /** Pieces that are held now. */
  public int size() {
    return slots.size();
  }

  /**
   * A slot for one more piece, or {@link #NONE} if every one is still being filled or waited for.
   * The oldest one that nobody needs goes first.
   */
  public long allocate(Owner owner, int piece) {
    if (slots.size() >= maxPieces && !evictOne()) {
      return NONE;
    }
    long slot = next++;
    slots.put(slot, new Held(owner, piece));
    return slot;
  }

  private boolean evictOne() {
    for (Map.Entry<Long, Held> entry : slots.entrySet()) {
      Held held = entry.getValue();
      if (held.owner.isEvictable(held.piece)) {
        held.owner.evicted(held.piece);
        free(entry.getKey());
        return true;
      }
    }
    return false;
  }

  public void free(long slot) {
    if (slots.remove(slot) != null) {
      onFree.accept(slot);
    }
  }

  private static final class Held {
    private final Owner owner;
    private final int piece;

    public Held(Owner owner, int piece) {
      this.owner = owner;
      this.piece = piece;
    }
  }
}
