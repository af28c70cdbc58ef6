// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.fetch.table.BlockTable;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;

/** The blocks of one file that are taken out because they are wrong. For the engine's thread. */
final class WrongBlocks {
  private final FileSpec file;
  private final FileLayout layout;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FetchState state;
  private final BlockTable table;
  private final BlockCalls calls;

  /** They are being committed, and are taken out when that is done. */
  private final BitSet later = new BitSet();

  private int removing;
  private boolean isClearing;
  private boolean hasFailed;
  private boolean ended;

  WrongBlocks(
      FileSpec file,
      PieceTable plan,
      ArrivedPieces pieces,
      FetchState state,
      BlockTable table,
      BlockCalls calls) {
    this.file = file;
    this.layout = file.layout();
    this.plan = plan;
    this.pieces = pieces;
    this.state = state;
    this.table = table;
    this.calls = calls;
  }

  /**
   * These pieces are wrong: the blocks that they lie in are dropped, and fetched again.
   *
   * @return whether nothing that was wrong is in the cache any more
   */
  boolean discard(BitSet wrongPieces) {
    state.proofs().of(file).fetchOnly();
    BitSet of = new BitSet();
    wrongPieces.stream()
        .forEach(p -> of.set(layout.firstBlockOfPiece(p), layout.lastBlockOfPiece(p) + 1));
    of.stream().forEach(this::discard);
    return !isBusy();
  }

  private void discard(int block) {
    BlockSlot slot = table.get(block);
    State now = slot == null ? State.REFUSED : slot.state();
    later.set(block, now == State.COMMITTING);
    if (now == State.COMMITTING || now == State.RESERVING) {
      return;
    }
    table.set(block, null);
    if (now == State.READY) {
      calls.abandon(block, slot);
    } else if (now == State.COMMITTED) {
      remove(block);
    }
    table.forEachPiece(block, pieces::lose);
    if (!ended) {
      plan.wants().loadBlock(block);
    }
  }

  /** {@code block} is complete: it is taken out if it was found wrong meanwhile. */
  void committed(int block) {
    if (later.get(block)) {
      discard(block);
    }
  }

  /**
   * {@code block} was not taken by the store, so there is nothing of it to take out.
   *
   * @return whether it was the last one that was wrong
   */
  boolean commitFailed(int block) {
    boolean wasWrong = later.get(block);
    later.clear(block);
    return wasWrong && !isBusy();
  }

  /** Whether any of them has still to be taken out. */
  boolean isBusy() {
    return removing > 0 || !later.isEmpty();
  }

  /**
   * Takes all complete blocks out of the cache, those included that other doors have put there; see
   * {@link #takeCleared}.
   */
  void removeAll() {
    isClearing = true;
    hasFailed = false;
    for (int block = 0; block < layout.blockCount(); block++) {
      if (state.effects().store().isCommitted(file.blockId(block))) {
        remove(block);
      }
    }
  }

  /** Whether all that {@link #removeAll} was to take out is out now; true once. */
  boolean takeCleared() {
    boolean cleared = isClearing && removing == 0 && !hasFailed;
    isClearing &= !cleared;
    return cleared;
  }

  /** Room for the block may be asked for at once: that waits until it is gone. */
  private void remove(int block) {
    state.held().gone(file.blockId(block));
    removing++;
    calls.remove(block);
  }

  /**
   * The store has removed {@code block}.
   *
   * @param failure why not; null if it has
   * @return whether it was the last one that was wrong
   */
  boolean removed(int block, Throwable failure) {
    removing--;
    if (failure != null) {
      hasFailed = true;
      state
          .effects()
          .operator()
          .error(
              "The wrong block " + file.blockId(block) + " of " + file + " could not be removed",
              failure);
    }
    return !isBusy();
  }

  /** Nothing is fetched again any more. */
  void end() {
    ended = true;
  }
}
