// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.StoreException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.StoreHealth;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.fetch.table.BlockTable;

/** Which blocks of one file have room for the bytes that come. For the engine's thread. */
final class BlockFilling {
  private static final long REFUSAL_NS = 2_000_000_000L;
  private static final int MAX_WRITE_FAILURES = 8;

  private final FileSpec file;
  private final FetchState state;
  private final BlockTable table;
  private final BlockCalls calls;
  private final BlockEnds ends;

  BlockFilling(
      FileSpec file, FetchState state, BlockTable table, BlockCalls calls, BlockEnds ends) {
    this.file = file;
    this.state = state;
    this.table = table;
    this.calls = calls;
    this.ends = ends;
  }

  /** What happens to {@code block}; null if nothing does. */
  BlockSlot slot(int block) {
    return table.get(block);
  }

  /** As {@link BlockTable#holds}. */
  boolean holds(int block, int piece) {
    return table.holds(block, piece);
  }

  /** Whether {@code block} has its room and is not complete. */
  boolean isFilling(int block) {
    return table.is(block, State.READY);
  }

  private boolean isRefused(int block) {
    return table.is(block, State.REFUSED);
  }

  /**
   * The slot that pieces of {@code block} go to; asks for room if there is none yet. Null while
   * nothing can be written, and room has not been asked for before.
   */
  BlockSlot toFill(int block) {
    BlockSlot slot = table.get(block);
    boolean askAgain =
        slot != null
            && slot.state() == State.REFUSED
            && state.nowNs() - slot.refusedAtNs() > REFUSAL_NS;
    if ((slot != null && !askAgain) || state.storeHealth().isFailing()) {
      return slot;
    }
    BlockSlot fresh = calls.reserve(block, room -> table.fresh(block, room));
    table.set(block, fresh);
    return fresh;
  }

  /** It is known whether there is room for {@code block}; {@code failure} says why not. */
  void reserved(int block, BlockSlot slot, Throwable failure) {
    if (failure != null) {
      state.metrics().blockRefused(file, block, failure);
      slot.refused(state.nowNs(), failure);
    } else {
      slot.reserved();
    }
  }

  /** Whether {@code block} takes its share of {@code piece} now. */
  boolean takes(int block, int piece) {
    return isFilling(block) && !table.get(block).has(piece) && !state.storeHealth().isFailing();
  }

  /** Whether {@code block} will not be cached: no room, or nothing could be written for long. */
  boolean lacksRoom(int block) {
    StoreHealth health = state.storeHealth();
    boolean unfilled = table.get(block) == null || isFilling(block);
    return isRefused(block) || (unfilled && health.isFailing() && !health.isWorthWaiting());
  }

  /** What the cache or its file system said; null if nothing. */
  Throwable whyNoRoom(int block) {
    BlockSlot slot = table.get(block);
    return isRefused(block) ? slot.refusal() : state.storeHealth().failure();
  }

  /** The bytes of a linked block are not the right ones, or cannot be read: they are fetched. */
  void unlink(int block, BlockSlot slot) {
    state.proofs().of(file).fetchOnly();
    if (table.get(block) == slot && slot.state() == State.READY) {
      ends.fetchAgain(block, slot);
    }
  }

  /**
   * Bytes could not be written into {@code slot}. It keeps what it has, and nothing is written
   * anywhere for a while. No fault if it was given up meanwhile: its file is closed then.
   *
   * @return whether {@code block} is given up by that: it does not get into the cache for a while
   */
  boolean writeFailed(int block, BlockSlot slot, StoreException why) {
    if (table.get(block) != slot || slot.state() != State.READY) {
      return false;
    }
    boolean first = !state.storeHealth().isFailing();
    state.storeHealth().failed(why);
    boolean givenUp = first && slot.writeFailed() >= MAX_WRITE_FAILURES;
    if (givenUp) {
      ends.giveUp(block, slot, why);
    }
    return givenUp;
  }
}
