// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.file.Transfer.State;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * The pieces of one file on their way here: finds room for each, has it read from the origin or
 * sent by a peer, and tells the decisions what became of it. For the engine's thread.
 *
 * <p>Bytes of one piece are never written by two at a time: what was called off may still be
 * writing, and who comes next waits until it has stopped.
 */
public final class FileTransfers {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final Tickets tickets;
  private final PieceRoom room;
  private final FileVerifier verifier;
  private final TransferEnds ends;
  private final Withdrawals withdrawals;

  private final TransferTable table = new TransferTable();
  private boolean ended;

  public FileTransfers(
      FileSpec file,
      FetchState state,
      Tickets tickets,
      ArrivedPieces pieces,
      PieceRoom room,
      FileVerifier verifier,
      TransferEnds.Listener listener) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.tickets = tickets;
    this.room = room;
    this.verifier = verifier;
    this.withdrawals = new Withdrawals(file, state, room, table);
    this.ends = new TransferEnds(file, state, pieces, verifier, listener);
  }

  /** For tests. */
  TransferTable table() {
    return table;
  }

  /** Whether an event of a transfer is still to come. */
  public boolean isBusy() {
    return table.isAnyRunning();
  }

  /** Nothing of the file is missing: tells how long that took, if all of it came now. */
  public void allHere() {
    ends.allHere();
  }

  /** Reads {@code piece} from the origin. */
  public void readOrigin(int piece, boolean evenUncached) {
    Transfer read = Transfer.fromOrigin(tickets.next(), piece, evenUncached);
    table.add(read);
    prepare(read);
  }

  public void cancelOrigin(int piece) {
    table.takeRead(piece).forEach(this::cancel);
  }

  /** Asks {@code peerId} for {@code piece}. */
  public void download(long peerId, int piece, boolean urgent, boolean hedge) {
    Transfer download = Transfer.fromPeer(tickets.next(), piece, peerId, urgent, hedge);
    table.add(download);
    if (hedge) {
      // The piece is arriving from elsewhere: two must not write to the same place.
      start(download);
    } else {
      prepare(download);
    }
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
    if (transfer.isInScratch && !ended) {
      withdrawals.withdrawSlower(transfer.piece, state.nowNs());
    }
    if (transfer.state == State.WAITS) {
      table.waitsNoMore(transfer);
      stopped(transfer);
    } else if (transfer.state == State.RUNNING || transfer.state == State.COPYING) {
      transfer.state = State.STOPPING;
      state.effects().transfers().cancel(transfer.ticket);
    }
  }

  /** Calls everything off: nothing that comes later is taken. */
  public void end() {
    ended = true;
    table.takeAll().forEach(this::cancel);
  }

  /** Finds room for the piece, then starts. */
  private void prepare(Transfer transfer) {
    if (ended || transfer.state != State.WAITS) {
      return;
    }
    int piece = transfer.piece;
    if (table.writerOf(piece) != null || room.isReserving(piece)) {
      table.waits(transfer);
      return;
    }
    Target target = room.find(transfer);
    if (ended) {
      return;
    }
    if (target == null) {
      withdrawals.withdraw(transfer, room.lookAgainNs());
      stopped(transfer);
      return;
    }
    if (!table.isAnyWriting()) {
      ends.mayBegin();
    }
    transfer.target = target;
    table.writes(transfer);
    start(transfer);
  }

  private void start(Transfer transfer) {
    table.runs(transfer);
    long ticket = transfer.ticket;
    int piece = transfer.piece;
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

  /** It is known whether {@code block} has room: who waited for that looks again. */
  public void reserved(int block) {
    lookAgain(
        piece ->
            layout.firstBlockOfPiece(piece) <= block && block <= layout.lastBlockOfPiece(piece));
  }

  private void lookAgain(IntPredicate which) {
    table.takeWaiting(which).forEach(this::prepare);
  }

  /** The first byte has come. */
  public void begun(long ticket) {
    Transfer transfer = table.running(ticket);
    if (transfer != null && transfer.state == State.RUNNING && !transfer.isOrigin) {
      state
          .swarm()
          .tell()
          .downloadBegun(transfer.peerId, file.fileId(), transfer.piece, state.nowNs());
    }
  }

  /** All bytes have been written. */
  public void done(long ticket, OptionalInt crc32) {
    Transfer transfer = table.ended(ticket);
    if (transfer == null) {
      return;
    }
    if (transfer.state == State.STOPPING || ended) {
      stopped(transfer);
    } else if (transfer.isOrigin) {
      table.forget(transfer);
      ends.read(transfer, crc32);
      stopped(transfer);
    } else if (transfer.state == State.COPYING) {
      table.forget(transfer);
      if (!ends.accept(transfer, OptionalInt.of(transfer.crc32))) {
        withdrawals.withdrawSlower(transfer.piece, state.nowNs());
      }
      stopped(transfer);
    } else {
      downloadDone(transfer, crc32);
    }
  }

  public void failed(long ticket, Throwable failure, int block) {
    Transfer transfer = table.ended(ticket);
    if (transfer == null) {
      return;
    }
    if (transfer.state != State.STOPPING && !ended) {
      table.forget(transfer);
      if (!withdrawals.isOurs(transfer, failure, block)) {
        ends.failed(transfer, failure);
      } else if (!ended) {
        withdrawals.withdraw(transfer, state.nowNs());
      }
    }
    stopped(transfer);
  }

  /** It was called off, and nobody writes its bytes any more. */
  public void hasStopped(long ticket) {
    Transfer transfer = table.ended(ticket);
    if (transfer != null) {
      stopped(transfer);
    }
  }

  private void downloadDone(Transfer download, OptionalInt crc32) {
    if (!verifier.fits(download.piece, crc32)) {
      table.forget(download);
      ends.failed(download, verifier.notFitting(download.piece));
    } else if (download.isHedge) {
      takeOver(download, crc32);
      return;
    } else {
      table.forget(download);
      ends.accept(download, crc32);
    }
    stopped(download);
  }

  /** A hedge was faster: its bytes go where those of the slow transfer were going. */
  private void takeOver(Transfer hedge, OptionalInt crc32) {
    hedge.isInScratch = true;
    hedge.crc32 = crc32.orElseThrow();
    hedge.state = State.WAITS;
    Transfer slow = table.writerOf(hedge.piece);
    if (slow != null) {
      cancel(slow);
    }
    prepare(hedge);
  }

  /** Nobody writes this transfer's bytes any more: it gives back what it has. */
  private void stopped(Transfer transfer) {
    transfer.state = State.OVER;
    if (transfer.slot != UncachedSlots.NONE) {
      state.uncached().free(transfer.slot);
      transfer.slot = UncachedSlots.NONE;
    }
    if (transfer.isHedge) {
      state.effects().transfers().dropScratch(transfer.ticket);
    }
    if (table.writesNoMore(transfer)) {
      lookAgain(piece -> piece == transfer.piece);
    }
  }
}
