// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.fetch.table.BlockTable;
import io.mows.p2p.plan.PieceTable;

/** How the blocks of one file end that were being filled. For the engine's thread. */
final class BlockEnds {
  private static final int MAX_COMMIT_FAILURES = 3;

  private final FileSpec file;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FetchState state;
  private final BlockTable table;
  private final BlockCalls calls;
  private final WrongBlocks wrong;
  private int commitFailures;
  private boolean ended;

  BlockEnds(
      FileSpec file,
      PieceTable plan,
      ArrivedPieces pieces,
      FetchState state,
      BlockTable table,
      BlockCalls calls,
      WrongBlocks wrong) {
    this.file = file;
    this.plan = plan;
    this.pieces = pieces;
    this.state = state;
    this.table = table;
    this.calls = calls;
    this.wrong = wrong;
  }

  /** A block in the cache can be read by everybody: not before the file may be shown. */
  void commitIfComplete(int block) {
    BlockSlot slot = table.get(block);
    boolean isWhole = table.is(block, State.READY) && slot.hasAll();
    if (isWhole && state.proofs().mayCommit(file.fileId())) {
      slot.committing();
      calls.commit(block, slot);
    }
  }

  /** The store has committed the block of {@code slot}. */
  BlockOutcome committed(int block, BlockSlot slot) {
    slot.committed();
    state.effects().store().closeRoom(file, block, slot.room());
    commitFailures = 0;
    state.metrics().blockCommitted();
    return BlockOutcome.committed(block);
  }

  /** It has not. */
  BlockOutcome commitFailed(int block, BlockSlot slot, Throwable failure) {
    state
        .effects()
        .operator()
        .warn(
            "Block " + file.blockId(block) + " of " + file + " could not be committed: " + failure,
            null);
    BlockOutcome outcome = BlockOutcome.NOTHING;
    if (!ended && ++commitFailures >= MAX_COMMIT_FAILURES) {
      giveUp(block, slot, failure);
      outcome = BlockOutcome.notCached(block, failure);
    } else {
      fetchAgain(block, slot);
    }
    return outcome.withWrongGone(wrong.commitFailed(block));
  }

  /** What {@code slot} has is given up, and fetched. */
  void fetchAgain(int block, BlockSlot slot) {
    table.set(block, null);
    calls.abandon(block, slot);
    table.forEachPiece(block, pieces::lose);
    if (!ended) {
      plan.wants().loadBlock(block);
    }
  }

  /** The block of {@code slot} does not get into the cache for a while. */
  void giveUp(int block, BlockSlot slot, Throwable why) {
    calls.abandon(block, slot);
    BlockSlot refused = table.fresh(block, 0);
    refused.refused(state.nowNs(), why);
    table.set(block, refused);
    table.forEachPiece(block, pieces::lose);
  }

  /** Nothing is fetched again any more. */
  void end() {
    ended = true;
  }
}
