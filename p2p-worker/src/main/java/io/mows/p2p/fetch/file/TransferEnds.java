// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.file.Transfer.State;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.ArrivalTime;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmNode.Outcome;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds out what became of the transfers of one file: judges what has come, tells the decisions,
 * keeps the bytes if they are still wanted, and returns what follows. For the engine's thread.
 */
final class TransferEnds {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final ArrivedPieces pieces;
  private final FileVerifier verifier;
  private final TransferTable table;
  private final Withdrawals withdrawals;
  private final ArrivalTime arrivalTime;

  TransferEnds(
      FileSpec file,
      FetchState state,
      ArrivedPieces pieces,
      FileVerifier verifier,
      TransferTable table,
      Withdrawals withdrawals,
      ArrivalTime arrivalTime) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.pieces = pieces;
    this.verifier = verifier;
    this.table = table;
    this.withdrawals = withdrawals;
    this.arrivalTime = arrivalTime;
  }

  private SwarmNode decisions() {
    return state.swarm().tell();
  }

  /** Nothing of the file is missing: tells how long that took, if all of it came now. */
  void allHere() {
    arrivalTime
        .takenNs(state.nowNs())
        .ifPresent(takenNs -> state.metrics().fileArrived(layout.lengthBytes(), takenNs));
  }

  private void tellArrived(Transfer transfer) {
    FetchMetrics.Source source = FetchMetrics.Source.LINK;
    if (!transfer.isLinked()) {
      arrivalTime.came(layout.pieceLength(transfer.piece));
      source =
          transfer.isOrigin ? FetchMetrics.Source.ORIGIN : state.peers().sourceOf(transfer.peerId);
    }
    state.metrics().pieceArrived(file, transfer.piece, source);
  }

  /** Its first byte has come. */
  void begun(long ticket) {
    Transfer transfer = table.running(ticket);
    if (transfer != null && transfer.state == State.RUNNING && !transfer.isOrigin) {
      decisions().downloadBegun(transfer.peerId, file.fileId(), transfer.piece, state.nowNs());
    }
  }

  /** It was called off, and nobody writes its bytes any more. */
  TransferOutcome stopped(long ticket) {
    Transfer transfer = table.ended(ticket);
    return transfer == null ? TransferOutcome.UNKNOWN : TransferOutcome.over(transfer);
  }

  /** All its bytes have been written; {@code crc32} is empty if nobody has followed them. */
  TransferOutcome done(long ticket, OptionalInt crc32) {
    Transfer transfer = table.ended(ticket);
    if (transfer == null) {
      return TransferOutcome.UNKNOWN;
    }
    if (isCalledOff(transfer)) {
      return TransferOutcome.over(transfer);
    }
    if (transfer.isLinked()) {
      return found(transfer, crc32);
    }
    if (transfer.state == State.COPYING) {
      return copied(transfer, OptionalInt.of(transfer.crc32));
    }
    if (!verifier.fits(transfer.piece, crc32)) {
      table.forget(transfer);
      return blamed(transfer, verifier.notFitting(transfer.piece));
    }
    if (transfer.isOrigin) {
      return landed(transfer, crc32);
    }
    if (transfer.isHedge) {
      transfer.isInScratch = true;
      transfer.crc32 = crc32.orElseThrow();
      return TransferOutcome.faster(transfer);
    }
    return arrived(transfer, crc32);
  }

  private boolean isCalledOff(Transfer transfer) {
    return transfer.state == State.STOPPING || table.isClosed();
  }

  /** Its bytes were here, and have been read: they are right, unless that is known better. */
  private TransferOutcome found(Transfer transfer, OptionalInt crc32) {
    if (!verifier.fits(transfer.piece, crc32)) {
      state.metrics().pieceWrong();
      return withdrawals.unlink(transfer);
    }
    return transfer.isOrigin ? landed(transfer, crc32) : copied(transfer, crc32);
  }

  /** All bytes have come from the origin, and fit; whether of our version is still to be asked. */
  private TransferOutcome landed(Transfer read, OptionalInt crc32) {
    int piece = read.piece;
    table.forget(read);
    tellArrived(read);
    if (decisions().originLanded(file.fileId(), piece)) {
      verifier.note(piece, crc32);
      read.keep(pieces);
    }
    return TransferOutcome.over(read);
  }

  /** The bytes of a download, which may be a hedge that was faster, are where they belong. */
  private TransferOutcome copied(Transfer download, OptionalInt crc32) {
    TransferOutcome outcome = arrived(download, crc32);
    if (outcome.kind() != TransferOutcome.Kind.ARRIVED) {
      withdrawals.withdrawSlower(download.piece, state.nowNs());
    }
    return outcome;
  }

  /** All bytes have come from a peer, and fit. */
  private TransferOutcome arrived(Transfer download, OptionalInt crc32) {
    int piece = download.piece;
    long peerId = download.peerId;
    int bytes = download.isLinked() ? 0 : layout.pieceLength(piece);
    table.forget(download);
    boolean isWanted =
        decisions().downloadEnded(peerId, file.fileId(), piece, Outcome.OK, bytes, state.nowNs());
    if (!isWanted) {
      return TransferOutcome.over(download);
    }
    tellArrived(download);
    if (bytes > 0) {
      state.metrics().receivedFrom(peerId, bytes);
    }
    verifier.note(piece, crc32);
    download.keep(pieces);
    return TransferOutcome.arrived(download);
  }

  /** It failed; {@code block} took no bytes, or is negative if it is not that. */
  TransferOutcome failed(long ticket, Throwable failure, int block) {
    Transfer transfer = table.ended(ticket);
    if (transfer == null) {
      return TransferOutcome.UNKNOWN;
    }
    if (isCalledOff(transfer)) {
      return TransferOutcome.over(transfer);
    }
    if (transfer.isLinked()) {
      return withdrawals.unlink(transfer);
    }
    table.forget(transfer);
    Optional<StoreException> ours = StoreException.within(failure);
    return ours.isPresent()
        ? withdrawals.writeFailed(transfer, ours.get(), block)
        : blamed(transfer, failure);
  }

  /** It was not this worker's fault. */
  private TransferOutcome blamed(Transfer transfer, Throwable failure) {
    return transfer.isOrigin ? readFailed(transfer, failure) : downloadFailed(transfer, failure);
  }

  private TransferOutcome readFailed(Transfer read, Throwable failure) {
    long fileId = file.fileId();
    int piece = read.piece;
    Optional<OriginException> passing = OriginException.mayPass(failure);
    if (passing.isPresent()) {
      OriginException why = passing.get();
      decisions().originRefused(fileId, piece, why.fault(), why.getMessage(), state.nowNs());
      state.metrics().originRefused(file, why);
      return TransferOutcome.originAway(read);
    }
    Remedy remedy = TransferException.remedyOf(failure);
    boolean givenUp = decisions().originFailed(fileId, piece, remedy, state.nowNs());
    return TransferOutcome.readFailed(read, failure, givenUp);
  }

  private TransferOutcome downloadFailed(Transfer download, Throwable failure) {
    long peerId = download.peerId;
    long fileId = file.fileId();
    int piece = download.piece;
    if (failure instanceof PieceRefusedException) {
      boolean busy = ((PieceRefusedException) failure).reason() == RefusalReason.BUSY;
      Reject.Reason reason = busy ? Reject.Reason.BUSY : Reject.Reason.MISSING;
      decisions().received(peerId, new Reject(fileId, piece, reason), state.nowNs());
    } else {
      Outcome outcome = failure instanceof CorruptPieceException ? Outcome.CORRUPT : Outcome.FAILED;
      state.metrics().downloadFailed(file, failure);
      decisions().downloadEnded(peerId, fileId, piece, outcome, 0, state.nowNs());
    }
    return TransferOutcome.over(download);
  }
}
