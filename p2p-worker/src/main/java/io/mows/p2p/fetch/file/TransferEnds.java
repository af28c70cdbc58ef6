// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.SwarmNode.Outcome;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What follows when a transfer of one file has ended: the decisions are told, and the bytes kept if
 * they are still wanted. For the engine's thread.
 */
public final class TransferEnds {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final ArrivedPieces pieces;
  private final FileVerifier verifier;
  private final Listener listener;
  private long arrivedBytes;
  private long firstStartNs;

  /** Told what becomes of the pieces. */
  public interface Listener {
    /** {@code piece} has come from a peer and may be shown. */
    void arrived(int piece);

    /** The read of a piece failed; if {@code givenUp}, it is not tried again by itself. */
    void failed(int piece, Throwable failure, boolean givenUp);

    /** The origin is away or denies: the piece is read later, or comes from a peer. */
    void refused(OriginException why);
  }

  public TransferEnds(
      FileSpec file,
      FetchState state,
      ArrivedPieces pieces,
      FileVerifier verifier,
      Listener listener) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.pieces = pieces;
    this.verifier = verifier;
    this.listener = listener;
  }

  /** Nothing is under way, and something is started. */
  public void mayBegin() {
    if (arrivedBytes == 0) {
      firstStartNs = state.nowNs();
    }
  }

  /** Nothing of the file is missing: tells how long that took, if all of it came now. */
  public void allHere() {
    if (arrivedBytes == layout.lengthBytes()) {
      state.events().fileArrived(arrivedBytes, state.nowNs() - firstStartNs);
    }
  }

  private void arrived(FetchMetrics.Source source, int piece) {
    arrivedBytes += layout.pieceLength(piece);
    state.events().pieceArrived(file, piece, source);
  }

  /** All bytes have come from the origin. */
  public void read(Transfer read, OptionalInt crc32) {
    int piece = read.piece;
    if (!verifier.fits(piece, crc32)) {
      readFailed(piece, verifier.notFitting(piece));
      return;
    }
    arrived(FetchMetrics.Source.ORIGIN, piece);
    if (state.swarm().tell().originLanded(file.fileId(), piece)) {
      verifier.note(piece, crc32);
      read.keep(pieces);
    }
  }

  /**
   * All bytes have come from a peer, and fit.
   *
   * @return false if the piece is not wanted any more
   */
  public boolean accept(Transfer download, OptionalInt crc32) {
    int piece = download.piece;
    long peerId = download.peerId;
    int bytes = layout.pieceLength(piece);
    boolean ours =
        state
            .swarm()
            .tell()
            .downloadEnded(peerId, file.fileId(), piece, Outcome.OK, bytes, state.nowNs());
    if (ours) {
      arrived(state.peers().sourceOf(peerId), piece);
      state.events().receivedFrom(peerId, bytes);
      verifier.note(piece, crc32);
      download.keep(pieces);
      listener.arrived(piece);
    }
    return ours;
  }

  /** It was not this worker's fault. */
  public void failed(Transfer transfer, Throwable failure) {
    if (transfer.isOrigin) {
      readFailed(transfer.piece, failure);
    } else {
      downloadFailed(transfer, failure);
    }
  }

  private void readFailed(int piece, Throwable failure) {
    long fileId = file.fileId();
    Optional<OriginException> passing = OriginException.mayPass(failure);
    if (passing.isPresent()) {
      OriginException why = passing.get();
      state
          .swarm()
          .tell()
          .originRefused(fileId, piece, why.fault(), why.getMessage(), state.nowNs());
      state.events().originRefused(file, why);
      listener.refused(why);
      return;
    }
    Remedy remedy = TransferException.remedyOf(failure);
    boolean givenUp = state.swarm().tell().originFailed(fileId, piece, remedy, state.nowNs());
    listener.failed(piece, failure, givenUp);
  }

  private void downloadFailed(Transfer download, Throwable failure) {
    long peerId = download.peerId;
    long fileId = file.fileId();
    if (failure instanceof PieceRefusedException) {
      boolean busy = ((PieceRefusedException) failure).reason() == RefusalReason.BUSY;
      Reject.Reason reason = busy ? Reject.Reason.BUSY : Reject.Reason.MISSING;
      Reject refused = new Reject(fileId, download.piece, reason);
      state.swarm().tell().received(peerId, refused, state.nowNs());
      return;
    }
    Outcome outcome = failure instanceof CorruptPieceException ? Outcome.CORRUPT : Outcome.FAILED;
    state.events().downloadFailed(file, failure);
    state.swarm().tell().downloadEnded(peerId, fileId, download.piece, outcome, 0, state.nowNs());
  }
}
