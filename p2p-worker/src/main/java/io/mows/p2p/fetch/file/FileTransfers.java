// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.file.Transfer.State;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.ArrivalTime;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import java.util.List;
import java.util.Optional;

/**
 * Brings the pieces of one file on their way: finds room for each, has it read from the origin or
 * sent by a peer, and calls it off. What became of them {@link TransferEnds} finds out. For the
 * engine's thread.
 *
 * <p>Bytes of one piece are never written by two at a time: what was called off may still be
 * writing, and who comes next waits until it has stopped.
 *
 * <p>What looks for room may find that readers will never get this file. The methods that do so
 * return why, and start nothing more; the caller ends the fetch.
 */
public final class FileTransfers {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final Tickets tickets;
  private final PieceRoom room;
  private final TransferTable table;
  private final Withdrawals withdrawals;
  private final ArrivalTime arrivalTime;

  FileTransfers(
      FileSpec file,
      FetchState state,
      Tickets tickets,
      PieceRoom room,
      TransferTable table,
      Withdrawals withdrawals,
      ArrivalTime arrivalTime) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.tickets = tickets;
    this.room = room;
    this.table = table;
    this.withdrawals = withdrawals;
    this.arrivalTime = arrivalTime;
  }

  /** For tests. */
  TransferTable table() {
    return table;
  }

  /** Whether an event of a transfer is still to come. */
  public boolean isBusy() {
    return table.isAnyRunning();
  }

  /** Reads {@code piece} from the origin. */
  public Optional<TransferException> readOrigin(int piece, boolean evenUncached) {
    Transfer read = Transfer.fromOrigin(tickets.next(), piece, evenUncached);
    table.add(read);
    return prepare(read);
  }

  public void cancelOrigin(int piece) {
    table.takeRead(piece).forEach(this::cancel);
  }

  /** Asks {@code peerId} for {@code piece}. */
  public Optional<TransferException> download(
      long peerId, int piece, boolean urgent, boolean hedge) {
    Transfer download = Transfer.fromPeer(tickets.next(), piece, peerId, urgent, hedge);
    table.add(download);
    if (!hedge) {
      return prepare(download);
    }
    // The piece is arriving from elsewhere: two must not write to the same place.
    start(download);
    return Optional.empty();
  }

  public void cancelDownload(long peerId, int piece) {
    table.takeDownloads(peerId, piece).forEach(this::cancel);
  }

  /**
   * The connection with this peer is over, and what was to come over it. What ends late must not be
   * taken for what is asked for over the next one.
   */
  public void peerLost(long peerId) {
    table.takeDownloads(peerId).forEach(this::cancel);
  }

  private void cancel(Transfer transfer) {
    if (transfer.isInScratch && !table.isClosed()) {
      withdrawals.withdrawSlower(transfer.piece, state.nowNs());
    }
    if (transfer.state == State.WAITS) {
      table.waitsNoMore(transfer);
      giveBack(transfer);
    } else if (transfer.state == State.RUNNING || transfer.state == State.COPYING) {
      transfer.state = State.STOPPING;
      state.effects().transfers().cancel(transfer.ticket);
    }
  }

  /** Calls everything off: nothing that comes later is taken. */
  void end() {
    table.close().forEach(this::cancel);
  }

  /** It is known whether {@code block} has room: who waited for that looks again. */
  Optional<TransferException> reserved(int block) {
    return prepareAll(
        table.takeWaiting(
            piece ->
                layout.firstBlockOfPiece(piece) <= block
                    && block <= layout.lastBlockOfPiece(piece)));
  }

  private Optional<TransferException> prepareAll(List<Transfer> transfers) {
    for (Transfer transfer : transfers) {
      Optional<TransferException> cannotShow = prepare(transfer);
      if (cannotShow.isPresent()) {
        return cannotShow;
      }
    }
    return Optional.empty();
  }

  /** Finds room for the piece, then starts. */
  private Optional<TransferException> prepare(Transfer transfer) {
    if (table.isClosed() || transfer.state != State.WAITS) {
      return Optional.empty();
    }
    int piece = transfer.piece;
    if (table.writerOf(piece) != null || room.isReserving(piece)) {
      table.waits(transfer);
      return Optional.empty();
    }
    PieceRoom.Found found = room.find(transfer);
    if (found.target() != null) {
      if (!table.isAnyWriting()) {
        arrivalTime.begins(state.nowNs());
      }
      transfer.target = found.target();
      table.writes(transfer);
      start(transfer);
    } else if (found.cannotShow().isEmpty()) {
      withdrawals.withdraw(transfer, room.lookAgainNs());
      giveBack(transfer);
    }
    return found.cannotShow();
  }

  private void start(Transfer transfer) {
    table.runs(transfer);
    long ticket = transfer.ticket;
    int piece = transfer.piece;
    if (transfer.isLinked()) {
      transfer.state = State.RUNNING;
      state.effects().transfers().readLinked(ticket, file, piece, transfer.target);
      return;
    }
    if (transfer.isInScratch) {
      transfer.state = State.COPYING;
      state.effects().transfers().copyScratch(ticket, file, piece, transfer.target);
      return;
    }
    transfer.state = State.RUNNING;
    if (transfer.isOrigin) {
      state.effects().transfers().readOrigin(ticket, file, piece, transfer.target);
    } else {
      state
          .effects()
          .transfers()
          .download(ticket, transfer.peerId, file, piece, transfer.target, transfer.isUrgent);
    }
  }

  /** A hedge was faster: its bytes go where those of the slow transfer were going. */
  Optional<TransferException> takeOver(Transfer hedge) {
    hedge.state = State.WAITS;
    Transfer slow = table.writerOf(hedge.piece);
    if (slow != null) {
      cancel(slow);
    }
    return prepare(hedge);
  }

  /** Nobody writes this transfer's bytes any more: who waits for its place looks for room. */
  Optional<TransferException> release(Transfer transfer) {
    giveBack(transfer);
    return table.writesNoMore(transfer)
        ? prepareAll(table.takeWaiting(piece -> piece == transfer.piece))
        : Optional.empty();
  }

  /** It is over: what it holds and has not kept is free again. */
  private void giveBack(Transfer transfer) {
    transfer.state = State.OVER;
    if (transfer.slot != UncachedSlots.NONE) {
      state.uncached().free(transfer.slot);
      transfer.slot = UncachedSlots.NONE;
    }
    if (transfer.isHedge) {
      state.effects().transfers().dropScratch(transfer.ticket);
    }
  }
}
