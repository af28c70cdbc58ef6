// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** The blocks of one file and what happens to each. For the engine's thread. */
public final class BlockTable {
  private final FileLayout layout;
  private final BlockSlot[] slots;

  public BlockTable(FileLayout layout) {
    this.layout = layout;
    this.slots = new BlockSlot[layout.blockCount()];
  }

  public int count() {
    return slots.length;
  }

  /** What happens to {@code block}; null if nothing does. */
  public BlockSlot get(int block) {
    return slots[block];
  }

  public void set(int block, BlockSlot slot) {
    slots[block] = slot;
  }

  /**
   * A slot for {@code block}, which does not enter the table by that.
   *
   * @param room as {@link BlockSlot#room}
   */
  public BlockSlot fresh(int block, long room) {
    int first = layout.firstPieceOfBlock(block);
    return new BlockSlot(room, first, layout.lastPieceOfBlock(block));
  }

  public boolean is(int block, State state) {
    return slots[block] != null && slots[block].state() == state;
  }

  /** The pieces that lie wholly in committed blocks. */
  public BitSet committedPieces() {
    BitSet committed = new BitSet();
    for (int block = 0; block < slots.length; block++) {
      committed.set(block, is(block, State.COMMITTED));
    }
    return layout.piecesWithin(committed);
  }

  /** Whether the share of {@code piece} in {@code block} is in the cache or on its way there. */
  public boolean holds(int block, int piece) {
    BlockSlot slot = slots[block];
    return slot != null && (slot.state() == State.COMMITTED || slot.has(piece));
  }

  /** Whether any block has its room and is not complete. */
  public boolean holdsUnfinished() {
    for (int block = 0; block < slots.length; block++) {
      if (is(block, State.READY)) {
        return true;
      }
    }
    return false;
  }

  /** Does {@code action} with each piece that lies in {@code block}, wholly or in part. */
  public void forEachPiece(int block, IntConsumer action) {
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      action.accept(p);
    }
  }
}
