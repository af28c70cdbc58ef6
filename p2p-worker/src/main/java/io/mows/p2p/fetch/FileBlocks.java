// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.StoreException;
import io.mows.p2p.fetch.BlockSlot.State;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of one file being fetched: given room, filled, committed, given back. For the engine's
 * thread, but for {@link #slot}.
 */
final class FileBlocks {
  private static final Logger LOG = LoggerFactory.getLogger(FileBlocks.class);
  private static final long REFUSAL_NS = 2_000_000_000L;
  private static final int MAX_COMMIT_FAILURES = 3;
  private static final int MAX_WRITE_FAILURES = 8;

  private final FileSpec file;
  private final FileLayout layout;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FetchEngine engine;
  private final Listener listener;
  private final AtomicReferenceArray<BlockSlot> slots;
  private final BitSet wrong = new BitSet();
  private final BlockRemovals removals;
  private final BlockCalls calls;
  private int commitFailures;
  private boolean abandoned;

  /** Told what becomes of the blocks. */
  interface Listener {
    void committed(int block);

    /** All blocks that were wrong have left the cache. */
    void discarded();

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
    this.calls = new BlockCalls(file, engine);
    this.removals = new BlockRemovals(file, engine, this::discarded);
  }

  /** Any thread: what happens to {@code block}; null if nothing does. */
  BlockSlot slot(int block) {
    return slots.get(block);
  }

  boolean isCommitted(int block) {
    BlockSlot slot = slots.get(block);
    return slot != null && slot.state() == State.COMMITTED;
  }

  /** The pieces that lie wholly in committed blocks. */
  BitSet committedPieces() {
    BitSet committed = new BitSet();
    for (int block = 0; block < layout.blockCount(); block++) {
      committed.set(block, isCommitted(block));
    }
    return layout.piecesWithin(committed);
  }

  /** Takes over the blocks that the cache has already. */
  void findCommitted() {
    for (int block = 0; block < layout.blockCount(); block++) {
      if (engine.space().isCommitted(file.blockId(block))) {
        BlockSlot slot = newSlot(block);
        slot.committed();
        slots.set(block, slot);
        engine.held().committed(file, block);
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

  private BlockSlot newSlot(int block) {
    return new BlockSlot(layout.firstPieceOfBlock(block), layout.lastPieceOfBlock(block));
  }

  /**
   * The slot that pieces of {@code block} go to; asks for room if there is none yet. Null while
   * nothing can be written, and room has not been asked for before.
   */
  BlockSlot toFill(int block) {
    BlockSlot slot = slots.get(block);
    boolean askAgain =
        slot != null
            && slot.state() == State.REFUSED
            && engine.nowNs() - slot.refusedAtNs() > REFUSAL_NS;
    if ((slot != null && !askAgain) || engine.storeHealth().isFailing()) {
      return slot;
    }
    BlockSlot fresh = newSlot(block);
    slots.set(block, fresh);
    calls.reserve(
        block,
        (opened, failure) -> {
          if (failure == null) {
            fresh.reserved(opened);
            if (abandoned) {
              abandonUnfinished();
            }
          } else {
            engine.events().blockRefused(file, block, failure);
            fresh.refused(engine.nowNs(), failure);
          }
        });
    return fresh;
  }

  /** Whether {@code block} takes its share of {@code piece} now. */
  boolean takes(int block, int piece) {
    return isFilling(block) && !slots.get(block).has(piece) && !engine.storeHealth().isFailing();
  }

  /** Whether {@code block} will not be cached: no room, or nothing could be written for long. */
  boolean lacksRoom(int block) {
    StoreHealth health = engine.storeHealth();
    boolean unfilled = slots.get(block) == null || isFilling(block);
    return isRefused(block) || (unfilled && health.isFailing() && !health.isWorthWaiting());
  }

  /** What the cache or its file system said; null if nothing. */
  Throwable whyNoRoom(int block) {
    BlockSlot slot = slots.get(block);
    return isRefused(block) ? slot.refusal() : engine.storeHealth().failure();
  }

  /**
   * Bytes could not be written into {@code slot}. It keeps what it has, and nothing is written
   * anywhere for a while. No fault if it was given up meanwhile: its file is closed then.
   */
  void writeFailed(int block, BlockSlot slot, StoreException why) {
    if (slots.get(block) != slot || slot.state() != State.READY) {
      return;
    }
    boolean first = !engine.storeHealth().isFailing();
    engine.storeHealth().failed(why);
    if (first && slot.writeFailed() >= MAX_WRITE_FAILURES) {
      giveUp(block, slot, why);
    }
  }

  /**
   * Bytes can be written again: what came while they could not was kept aside only.
   *
   * @param wanted which blocks loads want
   */
  void roomAgain(IntPredicate wanted) {
    for (int block = 0; block < slots.length(); block++) {
      boolean isOurs = isFilling(block) || (slots.get(block) == null && wanted.test(block));
      if (isOurs && plan.hasBlock(block)) {
        want(block);
      }
    }
  }

  private void giveUp(int block, BlockSlot slot, Throwable why) {
    calls.abandon(block, slot);
    BlockSlot refused = newSlot(block);
    refused.refused(engine.nowNs(), why);
    slots.set(block, refused);
    forEachPiece(block, pieces::lose);
    listener.notCached(block, why);
  }

  /** The bytes of {@code piece} have arrived and are of the right version. */
  void publish(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = slots.get(b);
      if (slot != null && slot.state() == State.READY) {
        slot.publish(piece);
        commitIfComplete(b, slot);
      }
    }
    pieces.publish(piece);
  }

  /** Readers may see the file from now on: what was complete before belongs to the cache. */
  void shown() {
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        commitIfComplete(block, slot);
      }
    }
  }

  /** A block in the cache can be read by everybody: not before the file may be shown. */
  private void commitIfComplete(int block, BlockSlot slot) {
    if (slot.hasAll() && engine.proofs().mayCommit(file.fileId())) {
      commit(block, slot);
    }
  }

  private void commit(int block, BlockSlot slot) {
    slot.committing();
    calls.commit(
        block,
        slot,
        (none, failure) -> {
          if (failure == null) {
            committed(block);
          } else {
            commitFailed(block, slot, failure);
          }
        });
  }

  private void committed(int block) {
    commitFailures = 0;
    engine.events().blockCommitted();
    listener.committed(block);
    if (wrong.get(block)) {
      discard(block);
    }
  }

  private void commitFailed(int block, BlockSlot slot, Throwable failure) {
    LOG.warn(
        "Block {} of {} could not be committed: {}", file.blockId(block), file, failure.toString());
    if (!abandoned && ++commitFailures >= MAX_COMMIT_FAILURES) {
      giveUp(block, slot, failure);
      return;
    }
    slots.set(block, null);
    calls.abandon(block, slot);
    forEachPiece(block, pieces::lose);
    if (!abandoned) {
      plan.want(block);
    }
  }

  /** All pieces of {@code block} are ours, but maybe not all of them are in it. */
  void completed(int block) {
    if (isFilling(block) && !engine.storeHealth().isFailing()) {
      want(block);
    }
  }

  /**
   * Fetches what {@code block} lacks. Pieces that came while it had no room were kept aside only:
   * they are fetched again.
   */
  void want(int block) {
    forEachPiece(
        block,
        piece -> {
          if (plan.has(piece) && !holds(block, piece)) {
            pieces.lose(piece);
          }
        });
    plan.want(block);
  }

  /** Whether the share of {@code piece} in {@code block} is in the cache or on its way there. */
  boolean holds(int block, int piece) {
    BlockSlot slot = slots.get(block);
    return slot != null && (slot.state() == State.COMMITTED || slot.has(piece));
  }

  /** Whether {@code block} has its room and is not complete. */
  boolean isFilling(int block) {
    BlockSlot slot = slots.get(block);
    return slot != null && slot.state() == State.READY;
  }

  boolean isRefused(int block) {
    BlockSlot slot = slots.get(block);
    return slot != null && slot.state() == State.REFUSED;
  }

  /** The cache has dropped this block, or a reader did not find it there. */
  void gone(int block) {
    if (isCommitted(block) && !engine.space().isCommitted(file.blockId(block))) {
      slots.set(block, null);
      engine.held().gone(file.blockId(block));
      forEachPiece(block, pieces::lose);
    }
  }

  /** These pieces are wrong: the blocks that they lie in are dropped, and fetched again. */
  void discard(BitSet wrongPieces) {
    BitSet of = new BitSet();
    wrongPieces.stream()
        .forEach(p -> of.set(layout.firstBlockOfPiece(p), layout.lastBlockOfPiece(p) + 1));
    of.stream().forEach(this::discard);
    discarded();
  }

  private void discarded() {
    if (!removals.isBusy() && wrong.isEmpty()) {
      listener.discarded();
    }
  }

  private void discard(int block) {
    BlockSlot slot = slots.get(block);
    State state = slot == null ? State.REFUSED : slot.state();
    wrong.set(block, state == State.COMMITTING);
    if (state == State.COMMITTING || state == State.RESERVING) {
      return;
    }
    slots.set(block, null);
    if (state == State.READY) {
      calls.abandon(block, slot);
    } else if (state == State.COMMITTED) {
      removals.remove(block);
    }
    forEachPiece(block, pieces::lose);
    if (!abandoned) {
      plan.want(block);
    }
  }

  /** Takes all complete blocks out of the cache, those included that other doors have put there. */
  void removeAll(Runnable whenGone) {
    removals.removeAll(whenGone);
  }

  /** What is not committed must not be read any more. */
  void loseUncommitted() {
    plan.dropBackground(0, layout.pieceCount() - 1);
    for (int block = 0; block < slots.length(); block++) {
      if (!isCommitted(block)) {
        forEachPiece(block, pieces::lose);
      }
    }
  }

  boolean isBusy() {
    return calls.isBusy() || removals.isBusy();
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

  /** Gives back all room that is not committed, for good. */
  void abandonUnfinished() {
    abandoned = true;
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        slots.set(block, null);
        calls.abandon(block, slot);
      }
    }
  }

  private void forEachPiece(int block, IntConsumer action) {
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      action.accept(p);
    }
  }
}
