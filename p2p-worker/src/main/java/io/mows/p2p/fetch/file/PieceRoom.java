// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockSlot;
import io.mows.p2p.fetch.table.BlockSlot.State;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.Wants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds room for the pieces of one file: in the blocks they lie in, and aside for readers if a
 * block has none or takes nothing now. For the engine's thread.
 */
final class PieceRoom {
  private static final long POLL_NS = 10_000_000L;

  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final Wants wants;
  private final ArrivedPieces pieces;
  private final BlockFilling blocks;
  private final FileLoads loads;

  PieceRoom(
      FileSpec file,
      FetchState state,
      Wants wants,
      ArrivedPieces pieces,
      BlockFilling blocks,
      FileLoads loads) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.wants = wants;
    this.pieces = pieces;
    this.blocks = blocks;
    this.loads = loads;
  }

  /**
   * Whether the room for a block of {@code piece} is just being asked for: look again when it is
   * known. Asks for it if need be.
   */
  boolean isReserving(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = blocks.toFill(b);
      if (slot != null && slot.state() == State.RESERVING) {
        return true;
      }
    }
    return false;
  }

  /** Where the bytes of {@code transfer} go, or why nowhere. */
  Found find(Transfer transfer) {
    int piece = transfer.piece;
    List<Target.Part> parts = new ArrayList<>();
    boolean lacking = false;
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (blocks.takes(b, piece)) {
        parts.add(new Target.Part(b, blocks.slot(b)));
      } else {
        lacking |= !blocks.holds(b, piece);
      }
    }
    if (lacking) {
      Optional<TransferException> cannotShow = giveUpCaching(piece);
      if (cannotShow.isPresent() || !findAside(transfer, parts.isEmpty())) {
        return new Found(null, cannotShow);
      }
    }
    // The data channel follows the CRC32 of what comes from a peer.
    boolean isFollowed = !transfer.isOrigin && !Target.isLinked(parts);
    boolean wantsCrc32 = !isFollowed && state.proofs().mode() != VerifyMode.OFF;
    return new Found(new Target(parts, transfer.slot, wantsCrc32), Optional.empty());
  }

  private boolean findAside(Transfer transfer, boolean onlyAside) {
    int piece = transfer.piece;
    if (!state.proofs().mayShow(file.fileId())) {
      // Nothing may be shown before all is here; what is to be cached waits for space.
      return false;
    }
    if (!transfer.evenUncached && !wants.isWantedUncached(piece)) {
      return !onlyAside;
    }
    transfer.slot = state.uncached().allocate(pieces, piece);
    return transfer.slot != UncachedSlots.NONE;
  }

  /** When to try again for which {@link #find} had no room: not at once, that would spin. */
  long lookAgainNs() {
    long soonNs = state.nowNs() + POLL_NS;
    boolean waits = state.storeHealth().isFailing() && !state.proofs().mayShow(file.fileId());
    return waits ? Math.max(soonNs, state.storeHealth().untilNs()) : soonNs;
  }

  /**
   * The bytes of this part of a transfer could not be written.
   *
   * @return as {@link #giveUp}
   */
  Optional<TransferException> failed(Target.Part part, StoreException why) {
    boolean givenUp = part != null && blocks.writeFailed(part.block(), part.slot(), why);
    return givenUp ? giveUp(part.block(), why) : Optional.empty();
  }

  /** What {@code target} has is not right, or cannot be read: its block is fetched. */
  void unlink(Target target) {
    target.parts().forEach(part -> blocks.unlink(part.block(), part.slot()));
  }

  /** Blocks of {@code piece} have no room: only readers may still want what lies in them. */
  private Optional<TransferException> giveUpCaching(int piece) {
    Optional<TransferException> cannotShow = Optional.empty();
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (cannotShow.isEmpty() && blocks.lacksRoom(b)) {
        cannotShow = giveUp(b, blocks.whyNoRoom(b));
      }
    }
    return cannotShow;
  }

  /**
   * {@code block} will not get into the cache.
   *
   * @return why readers will never get this file; empty if they may
   */
  Optional<TransferException> giveUp(int block, Throwable why) {
    dropBackground(block);
    if (!state.proofs().mayShow(file.fileId())) {
      String message =
          NoSpaceException.of(file, block, why).getMessage()
              + " Its bytes are not shown before all are proven.";
      return Optional.of(new TransferException(Remedy.RETRY, message, why));
    }
    if (loads.isWanted(block)) {
      loads.fail(block, reason(block, why));
    }
    return Optional.empty();
  }

  private Throwable reason(int block, Throwable why) {
    boolean full = why == null || why instanceof NoSpaceException;
    return full ? NoSpaceException.of(file, block, why) : why;
  }

  /** Nobody but waiting readers gets the pieces of {@code block}, unless another block has room. */
  private void dropBackground(int block) {
    int first = layout.firstPieceOfBlock(block);
    int last = layout.lastPieceOfBlock(block);
    if (isTakenElsewhere(first, block)) {
      first++;
    }
    if (first <= last && isTakenElsewhere(last, block)) {
      last--;
    }
    if (first <= last) {
      wants.dropBackground(first, last);
    }
  }

  /**
   * Whether another block that {@code piece} lies in lacks it, and may have room for it. One that
   * had none when it was asked for last may have it now: whoever loads it is told if it has not.
   */
  private boolean isTakenElsewhere(int piece, int block) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      boolean mayHaveRoom = !blocks.lacksRoom(b) || loads.isWanted(b);
      if (b != block && mayHaveRoom && !blocks.holds(b, piece)) {
        return true;
      }
    }
    return false;
  }

  /** What {@link #find} has found. Immutable. */
  static final class Found {
    private final Target target;
    private final Optional<TransferException> cannotShow;

    private Found(Target target, Optional<TransferException> cannotShow) {
      this.target = target;
      this.cannotShow = cannotShow;
    }

    /** Where the bytes go; null if there is no room for them now. */
    Target target() {
      return target;
    }

    /** Why readers will never get this file; empty if they may. */
    Optional<TransferException> cannotShow() {
      return cannotShow;
    }
  }
}
