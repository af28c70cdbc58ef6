// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.BlockSlot.State;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

/**
 * The blocks of one file being fetched: given room, filled, committed, given back. For the engine's
 * thread, but for {@link #slot}.
 */
final class FileBlocks {
  private static final long REFUSAL_NS = 2_000_000_000L;
  private static final int MAX_COMMIT_FAILURES = 3;

  private final FileSpec file;
  private final FileLayout layout;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FetchEngine engine;
  private final Listener listener;
  private final AtomicReferenceArray<BlockSlot> slots;
  private int commitFailures;
  private int storeCalls;

  /** Told what becomes of the blocks. */
  interface Listener {
    void committed(int block);

    /** The block will not get into the cache. */
    void notCached(int block, Throwable why);
  }

  FileBlocks(
      FileSpec file, FilePlan plan, ArrivedPieces pieces, FetchEngine engine, Listener listener) {
    this.file = file;
    this.layout = file.layout();
    this.plan = plan;
    this.pieces = pieces;
    this.engine = engine;
    this.listener = listener;
    this.slots = new AtomicReferenceArray<>(layout.blockCount());
  }

  /** Any thread: what happens to {@code block}; null if nothing does. */
  BlockSlot slot(int block) {
    return slots.get(block);
  }

  boolean isCommitted(int block) {
    BlockSlot slot = slots.get(block);
    return slot != null && slot.state() == State.COMMITTED;
  }

  /** Takes over the blocks that the cache has already. */
  void findCommitted() {
    for (int block = 0; block < layout.blockCount(); block++) {
      if (engine.space().isCommitted(file.blockId(block))) {
        BlockSlot slot = new BlockSlot();
        slot.committed();
        slots.set(block, slot);
        plan.presentBlock(block);
        forEachPiece(
            block,
            piece -> {
              if (plan.has(piece)) {
                pieces.publish(piece);
              }
            });
      }
    }
  }

  /** The slot that pieces of {@code block} go to; asks for room if there is none yet. */
  BlockSlot toFill(int block) {
    BlockSlot slot = slots.get(block);
    boolean askAgain =
        slot != null
            && slot.state() == State.REFUSED
            && engine.nowNs() - slot.refusedAtNs() > REFUSAL_NS;
    if (slot != null && !askAgain) {
      return slot;
    }
    BlockSlot fresh = new BlockSlot();
    slots.set(block, fresh);
    callStore(
        () -> engine.space().reserve(file.blockId(block), layout.blockLength(block)),
        (opened, failure) -> {
          if (failure == null) {
            fresh.reserved(opened);
          } else {
            engine.blockRefused(file, block, failure);
            fresh.refused(engine.nowNs());
          }
        });
    return fresh;
  }

  /** All pieces of {@code block} are ours. */
  void completed(int block) {
    BlockSlot slot = slots.get(block);
    if (slot == null || slot.state() != State.READY) {
      return;
    }
    if (loseUnfilled(block, slot)) {
      plan.want(block);
      return;
    }
    slot.committing();
    callStore(
        () -> {
          engine.space().commit(file.blockId(block));
          return null;
        },
        (none, failure) -> {
          if (failure == null) {
            slot.committed();
            commitFailures = 0;
            engine.events().blockCommitted();
            listener.committed(block);
          } else {
            commitFailed(block, slot, failure);
          }
        });
  }

  /**
   * Pieces that came while the block had no room were kept aside only; a block that got room later
   * needs them again.
   */
  private boolean loseUnfilled(int block, BlockSlot slot) {
    boolean lost = false;
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (!slot.isFilled(p)) {
        pieces.lose(p);
        lost = true;
      }
    }
    return lost;
  }

  private void commitFailed(int block, BlockSlot slot, Throwable failure) {
    engine.commitFailed(file, block, failure);
    slots.set(block, null);
    abandon(block, slot);
    forEachPiece(block, pieces::lose);
    if (++commitFailures >= MAX_COMMIT_FAILURES) {
      BlockSlot refused = new BlockSlot();
      refused.refused(engine.nowNs());
      slots.set(block, refused);
      plan.dropBackground(block);
      listener.notCached(block, failure);
    }
  }

  /** The cache has dropped this block, or a reader did not find it there. */
  void gone(int block) {
    if (isCommitted(block) && !engine.space().isCommitted(file.blockId(block))) {
      slots.set(block, null);
      forEachPiece(block, pieces::lose);
    }
  }

  /** What is not committed must not be read any more. */
  void loseUncommitted() {
    for (int block = 0; block < slots.length(); block++) {
      plan.dropBackground(block);
      if (!isCommitted(block)) {
        forEachPiece(block, pieces::lose);
      }
    }
  }

  boolean isBusy() {
    return storeCalls > 0;
  }

  boolean holdsUnfinished() {
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        return true;
      }
    }
    return false;
  }

  /** Gives back all room that is not committed. */
  void abandonUnfinished() {
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        slots.set(block, null);
        abandon(block, slot);
      }
    }
  }

  private void abandon(int block, BlockSlot slot) {
    slot.closeFile();
    engine.events().blockAborted();
    callStore(
        () -> {
          engine.space().abort(file.blockId(block));
          return null;
        },
        (none, failure) -> {});
  }

  private void forEachPiece(int block, IntConsumer action) {
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      action.accept(p);
    }
  }

  private <T> void callStore(Callable<T> call, BiConsumer<T, Throwable> then) {
    storeCalls++;
    engine.callStore(
        call,
        (result, failure) -> {
          storeCalls--;
          then.accept(result, failure);
        });
  }
}
