// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.fetch.table.BlockTable;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * The blocks of one file being fetched: given room, filled, committed, given back. For the engine's
 * thread.
 */
final class FileBlocks {
  private final FileSpec file;
  private final FileLayout layout;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FetchState state;
  private final BlockTable table;
  private final WrongBlocks wrong;
  private final BlockEnds ends;
  private final BlockCalls calls;
  private final BlockFilling filling;
  private boolean abandoned;

  FileBlocks(
      FileSpec file, PieceTable plan, ArrivedPieces pieces, FetchState state, Tickets tickets) {
    this.file = file;
    this.layout = file.layout();
    this.plan = plan;
    this.pieces = pieces;
    this.state = state;
    this.calls = new BlockCalls(file, state, tickets);
    this.table = new BlockTable(layout);
    this.wrong = new WrongBlocks(file, plan, pieces, state, table, calls);
    this.ends = new BlockEnds(file, plan, pieces, state, table, calls, wrong);
    this.filling = new BlockFilling(file, state, table, calls, ends);
  }

  /** Where bytes go that come. */
  BlockFilling filling() {
    return filling;
  }

  boolean isCommitted(int block) {
    return table.is(block, State.COMMITTED);
  }

  BitSet committedPieces() {
    return table.committedPieces();
  }

  /** Takes over the blocks that the cache has already. */
  void findCommitted() {
    for (int block = 0; block < layout.blockCount(); block++) {
      if (!state.effects().store().isCommitted(file.blockId(block))) {
        // It may have gone without a word: others must not go on hearing that it is here.
        state.held().gone(file.blockId(block));
      } else {
        BlockSlot slot = table.fresh(block, 0);
        slot.committed();
        table.set(block, slot);
        state.held().committed(file, block);
        plan.presentBlock(block);
        table.forEachPiece(
            block,
            piece -> {
              if (plan.has(piece)) {
                pieces.publish(piece);
              }
            });
      }
    }
  }

  /**
   * What was asked of the store under this ticket is done.
   *
   * @param failure why not; null if it is
   * @param linked whether it is room that has all its bytes already
   */
  BlockOutcome stored(long ticket, Throwable failure, boolean linked) {
    BlockCalls.Call call = calls.ended(ticket);
    if (call == null) {
      return BlockOutcome.NOTHING;
    }
    switch (call.kind) {
      case RESERVE:
        call.slot.setLinked(linked);
        filling.reserved(call.block, call.slot, failure);
        if (abandoned) {
          abandonUnfinished();
        }
        return BlockOutcome.roomKnown(call.block);
      case COMMIT:
        return failure == null
            ? ends.committed(call.block, call.slot)
            : ends.commitFailed(call.block, call.slot, failure);
      case REMOVE:
        return BlockOutcome.NOTHING.withWrongGone(wrong.removed(call.block, failure));
      default:
        return BlockOutcome.NOTHING;
    }
  }

  /**
   * Bytes can be written again: what came while they could not was kept aside only.
   *
   * @param wanted which blocks loads want
   */
  void roomAgain(IntPredicate wanted) {
    for (int block = 0; block < table.count(); block++) {
      boolean isOurs = filling.isFilling(block) || (table.get(block) == null && wanted.test(block));
      if (isOurs && plan.hasBlock(block)) {
        want(block);
      }
    }
  }

  /** The bytes of {@code piece} have arrived and are of the right version. */
  void publish(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = table.get(b);
      if (slot != null && slot.state() == State.READY) {
        if (slot.publish(piece)) {
          state.effects().views().publishShare(file, b, piece, slot.room());
        }
        ends.commitIfComplete(b);
      }
    }
    pieces.publish(piece);
  }

  /** Readers may see the file from now on: what was complete before belongs to the cache. */
  void shown() {
    for (int block = 0; block < table.count(); block++) {
      ends.commitIfComplete(block);
    }
  }

  /** All pieces of {@code block} are ours, but maybe not all of them are in it. */
  void completed(int block) {
    if (filling.isFilling(block) && !state.storeHealth().isFailing()) {
      want(block);
    }
  }

  /**
   * Fetches what {@code block} lacks. Pieces that came while it had no room were kept aside only:
   * they are fetched again.
   */
  void want(int block) {
    table.forEachPiece(
        block,
        piece -> {
          if (plan.has(piece) && !holds(block, piece)) {
            pieces.lose(piece);
          }
        });
    plan.wants().loadBlock(block);
  }

  /** Whether the share of {@code piece} in {@code block} is in the cache or on its way there. */
  boolean holds(int block, int piece) {
    return table.holds(block, piece);
  }

  /** Whether {@code block} has its room and is not complete. */
  boolean isFilling(int block) {
    return filling.isFilling(block);
  }

  /** The cache has dropped this block, or a reader did not find it there. */
  void gone(int block) {
    if (isCommitted(block) && !state.effects().store().isCommitted(file.blockId(block))) {
      table.set(block, null);
      state.held().gone(file.blockId(block));
      table.forEachPiece(block, pieces::lose);
    }
  }

  /** A reader was told that {@code piece} is here but did not find it in {@code block}. */
  void notFound(int piece, int block) {
    gone(block);
    if (pieces.isReadable(piece) && !pieces.isReadableAside(piece) && !holds(block, piece)) {
      pieces.lose(piece);
    }
  }

  /** As {@link WrongBlocks#discard}. */
  boolean discard(BitSet wrongPieces) {
    return wrong.discard(wrongPieces);
  }

  /** {@code block} is in the cache, which is known: it is taken out again if it is wrong. */
  void takeOutIfWrong(int block) {
    wrong.committed(block);
  }

  /** Whether wrong ones have still to be taken out. */
  boolean isDiscarding() {
    return wrong.isBusy();
  }

  /** As {@link WrongBlocks#removeAll}. */
  void removeAll() {
    wrong.removeAll();
  }

  /** As {@link WrongBlocks#takeCleared}. */
  boolean takeCleared() {
    return wrong.takeCleared();
  }

  /** What is not committed must not be read any more. */
  void loseUncommitted() {
    plan.wants().dropBackground(0, layout.pieceCount() - 1);
    for (int block = 0; block < table.count(); block++) {
      if (!isCommitted(block)) {
        table.forEachPiece(block, pieces::lose);
      }
    }
  }

  boolean isBusy() {
    return calls.isBusy();
  }

  /** Whether the store still has to commit one of them. */
  boolean isCommitting() {
    return calls.isCommitting();
  }

  /** Whether bytes can be written, as far as is known. */
  boolean canWrite() {
    return !state.storeHealth().isFailing();
  }

  boolean holdsUnfinished() {
    return table.holdsUnfinished();
  }

  /** Gives back all room that is not committed, for good. */
  void abandonUnfinished() {
    abandoned = true;
    wrong.end();
    ends.end();
    for (int block = 0; block < table.count(); block++) {
      BlockSlot slot = table.get(block);
      if (slot != null && slot.state() == State.READY) {
        table.set(block, null);
        calls.abandon(block, slot);
      }
    }
  }
}
