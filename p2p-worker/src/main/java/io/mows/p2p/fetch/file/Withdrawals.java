// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import java.util.Optional;

/**
 * Tells the decisions that a piece of one file is not coming although nobody is to blame: there is
 * no room for it, or its bytes could not be written. For the engine's thread.
 */
final class Withdrawals {
  private final FileSpec file;
  private final FetchState state;
  private final PieceRoom room;
  private final TransferTable table;

  Withdrawals(FileSpec file, FetchState state, PieceRoom room, TransferTable table) {
    this.file = file;
    this.state = state;
    this.room = room;
    this.table = table;
  }

  /**
   * This worker could not write the bytes of {@code transfer}: the piece is not tried less often
   * for that, and nobody is blamed.
   *
   * @param block the one that took none; negative if it was another place
   * @return what follows
   */
  TransferOutcome writeFailed(Transfer transfer, StoreException why, int block) {
    if (transfer.target != null && block >= 0) {
      Optional<TransferException> cannotShow = room.failed(transfer.target.in(block), why);
      if (cannotShow.isPresent()) {
        return TransferOutcome.cannotShow(transfer, cannotShow.get());
      }
    }
    withdraw(transfer, state.nowNs());
    return TransferOutcome.over(transfer);
  }

  /** What is in the linked block of {@code transfer} is of no use: all of it is fetched. */
  TransferOutcome unlink(Transfer transfer) {
    withdraw(transfer, state.nowNs());
    room.unlink(transfer.target);
    return TransferOutcome.over(transfer);
  }

  /** The piece is not coming; it may be started again then. */
  void withdraw(Transfer transfer, long untilNs) {
    table.forget(transfer);
    tell(transfer, untilNs);
    withdrawSlower(transfer.piece, untilNs);
  }

  /** What a hedge was faster than was called off for it, so it does not come either. */
  void withdrawSlower(int piece, long untilNs) {
    table.takeCalledOff(piece).forEach(slow -> tell(slow, untilNs));
  }

  private void tell(Transfer transfer, long untilNs) {
    long fileId = file.fileId();
    if (transfer.isOrigin) {
      state.swarm().tell().originWithdrawn(fileId, transfer.piece, untilNs);
    } else {
      state.swarm().tell().downloadWithdrawn(transfer.peerId, fileId, transfer.piece, untilNs);
    }
  }
}
