// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.piece.FileLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * What the store was asked to do with the blocks of one file, and not done yet. For the engine's
 * thread.
 */
final class BlockCalls {
  private final FileSpec file;
  private final FetchState state;
  private final Tickets tickets;
  private final Map<Long, Call> open = new HashMap<>();

  /** What the store is asked. */
  enum Kind {
    RESERVE,
    COMMIT,
    ABORT,
    REMOVE
  }

  BlockCalls(FileSpec file, FetchState state, Tickets tickets) {
    this.file = file;
    this.state = state;
    this.tickets = tickets;
  }

  /** Whether any has not ended. */
  boolean isBusy() {
    return !open.isEmpty();
  }

  /** Whether the store still has to commit one. */
  boolean isCommitting() {
    return open.values().stream().anyMatch(call -> call.kind == Kind.COMMIT);
  }

  /** What was asked under this ticket, which is over now; null if nothing was. */
  Call ended(long ticket) {
    return open.remove(ticket);
  }

  /**
   * Asks for room, after all that was asked of {@code block} before.
   *
   * @param slot makes the slot that is to have it
   */
  BlockSlot reserve(int block, LongFunction<BlockSlot> slot) {
    long ticket = tickets.next();
    BlockSlot fresh = slot.apply(ticket);
    open.put(ticket, new Call(Kind.RESERVE, block, fresh));
    state.effects().store().reserve(ticket, file, block, mayLink(block));
    return fresh;
  }

  /** Nothing is written into a linked block, so all of its pieces must lie within it. */
  private boolean mayLink(int block) {
    FileLayout layout = file.layout();
    boolean wholePieces =
        layout.firstBlockOfPiece(layout.firstPieceOfBlock(block)) == block
            && layout.lastBlockOfPiece(layout.lastPieceOfBlock(block)) == block;
    return wholePieces
        && !state.proofs().isSuspect(file.fileId())
        && !state.proofs().of(file).isFetchedOnly();
  }

  /** Commits the block of {@code slot}. */
  void commit(int block, BlockSlot slot) {
    state.effects().store().commit(begin(Kind.COMMIT, block, slot), file, block, slot.room());
  }

  /** Gives back the room of the block of {@code slot}. */
  void abandon(int block, BlockSlot slot) {
    state.metrics().blockAborted();
    state.effects().store().abort(begin(Kind.ABORT, block, slot), file, block, slot.room());
  }

  /** Removes a complete block. */
  void remove(int block) {
    state.effects().store().remove(begin(Kind.REMOVE, block, null), file, block);
  }

  private long begin(Kind kind, int block, BlockSlot slot) {
    long ticket = tickets.next();
    open.put(ticket, new Call(kind, block, slot));
    return ticket;
  }

  /** One of them. Immutable. */
  static final class Call {
    final Kind kind;
    final int block;
    final BlockSlot slot;

    private Call(Kind kind, int block, BlockSlot slot) {
      this.kind = kind;
      this.block = block;
      this.slot = slot;
    }
  }
}
