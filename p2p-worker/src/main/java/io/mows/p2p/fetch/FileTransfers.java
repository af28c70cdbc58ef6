// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.SwarmMessage.Refused;
import io.mows.p2p.swarm.SwarmNode.Outcome;
import io.mows.p2p.thread.Futures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The pieces of one file on their way here: finds room for each, has it read from the origin or
 * sent by a peer, and tells the decisions what became of it. For the engine's thread.
 *
 * <p>Bytes of one piece are never written by two at a time: what was called off may still be
 * writing, and who comes next waits until it has stopped.
 */
final class FileTransfers {
  private static final long DOWNLOAD_TIMEOUT_MS = 120_000;

  private final FileSpec file;
  private final FileLayout layout;
  private final FetchEngine engine;
  private final ArrivedPieces pieces;
  private final PieceRoom room;
  private final FileVerifier verifier;
  private final Listener listener;
  private final Map<Integer, Transfer> originReads = new HashMap<>();
  private final List<Transfer> downloads = new ArrayList<>();
  private final Map<Integer, Transfer> writing = new HashMap<>();
  private long arrivedBytes;
  private long firstStartNs;
  private boolean ended;

  /** Told what becomes of the pieces. */
  interface Listener {
    /** {@code piece} has come from a peer and may be shown. */
    void arrived(int piece);

    /** The read of a piece failed; if {@code givenUp}, it is not tried again by itself. */
    void failed(int piece, Throwable failure, boolean givenUp);

    /** The origin is away or denies: the piece is read later, or comes from a peer. */
    void refused(OriginException why);
  }

  FileTransfers(
      FileSpec file,
      FetchEngine engine,
      ArrivedPieces pieces,
      PieceRoom room,
      FileVerifier verifier,
      Listener listener) {
    this.file = file;
    this.layout = file.layout();
    this.engine = engine;
    this.pieces = pieces;
    this.room = room;
    this.verifier = verifier;
    this.listener = listener;
  }

  /** Nothing of the file is missing: tells how long that took, if all of it came now. */
  void allHere() {
    if (arrivedBytes == layout.lengthBytes()) {
      engine.events().fileArrived(arrivedBytes, engine.nowNs() - firstStartNs);
    }
  }

  private void arrived(FetchEvents.Source source, int piece) {
    arrivedBytes += layout.pieceLength(piece);
    engine.events().pieceArrived(file, piece, source);
  }

  /** Reads {@code piece} from the origin. */
  void readOrigin(int piece, boolean evenUncached) {
    Transfer read = Transfer.fromOrigin(piece, evenUncached);
    originReads.put(piece, read);
    prepare(read, () -> startRead(read));
  }

  void cancelOrigin(int piece) {
    Transfer read = originReads.remove(piece);
    if (read != null) {
      cancel(read);
    }
  }

  /** Asks {@code peerId} for {@code piece}. */
  void download(long peerId, int piece, boolean urgent, boolean hedge) {
    Transfer download = Transfer.fromPeer(piece, peerId);
    downloads.add(download);
    if (hedge) {
      // The piece is arriving from elsewhere: two must not write to the same place.
      Scratch copy = new Scratch(layout.pieceLength(piece));
      request(download, urgent, copy, copy);
    } else {
      prepare(download, () -> request(download, urgent, download.target, null));
    }
  }

  void cancelDownload(long peerId, int piece) {
    for (Transfer download : new ArrayList<>(downloads)) {
      if (download.peerId == peerId && download.piece == piece) {
        downloads.remove(download);
        cancel(download);
      }
    }
  }

  private void cancel(Transfer transfer) {
    transfer.cancelled = true;
    boolean isStill = transfer.target != null && transfer.target.cancel();
    if (transfer.request != null) {
      transfer.request.cancel();
    }
    if (transfer.isOrigin && isStill) {
      // A read that hangs ends much later.
      stopped(transfer);
    }
  }

  /** Calls everything off: nothing that comes later is taken. */
  void end() {
    ended = true;
    originReads.values().forEach(this::cancel);
    downloads.forEach(this::cancel);
    originReads.clear();
    downloads.clear();
  }

  /** Finds room for the piece, then goes on with {@code start}. */
  private void prepare(Transfer transfer, Runnable start) {
    Transfer writer = writing.get(transfer.piece);
    if (ended || transfer.cancelled) {
      return;
    }
    if (writer != null) {
      writer.whenStopped.add(() -> prepare(transfer, start));
      return;
    }
    int piece = transfer.piece;
    Optional<BlockSlot> reserving = room.reserving(piece);
    if (reserving.isPresent()) {
      reserving.get().whenReserved(() -> prepare(transfer, start));
      return;
    }
    PieceTarget target = room.find(transfer);
    if (ended) {
      return;
    }
    if (target == null) {
      withdraw(transfer, room.lookAgainNs());
      return;
    }
    if (arrivedBytes == 0 && writing.isEmpty()) {
      firstStartNs = engine.nowNs();
    }
    transfer.target = target;
    writing.put(piece, transfer);
    start.run();
  }

  /** Whether it is this worker's own fault: the piece is not tried less often, nobody blamed. */
  private boolean notStored(Transfer transfer, Throwable failure) {
    Optional<StoreException> ours = StoreException.within(failure);
    if (ours.isEmpty()) {
      return false;
    }
    room.failed(transfer.target, ours.get());
    if (!ended) {
      withdraw(transfer, engine.nowNs());
    }
    return true;
  }

  /** The piece is not coming; it may be started again then. */
  private void withdraw(Transfer transfer, long untilNs) {
    if (transfer.isOrigin) {
      originReads.remove(transfer.piece, transfer);
      engine.node().originWithdrawn(file.fileId(), transfer.piece, untilNs);
    } else {
      downloads.remove(transfer);
      engine.node().downloadWithdrawn(transfer.peerId, file.fileId(), transfer.piece, untilNs);
    }
  }

  private void startRead(Transfer read) {
    engine
        .source()
        .fetch(file, layout.pieceOffset(read.piece), layout.pieceLength(read.piece), read.target)
        .whenComplete((done, failure) -> engine.run(() -> readEnded(read, failure)));
  }

  private void readEnded(Transfer read, Throwable outcome) {
    originReads.remove(read.piece, read);
    if (!read.cancelled && !ended) {
      OptionalInt crc32 = outcome == null ? read.target.crc32() : OptionalInt.empty();
      boolean fits = verifier.fits(read.piece, crc32);
      Throwable failure = fits ? Futures.causeOf(outcome) : verifier.notFitting(read.piece);
      if (!notStored(read, failure)) {
        landed(read, crc32, failure);
      }
    }
    stopped(read);
  }

  private void landed(Transfer read, OptionalInt crc32, Throwable failure) {
    int piece = read.piece;
    if (failure == null) {
      arrived(FetchEvents.Source.ORIGIN, piece);
      if (engine.node().originLanded(file.fileId(), piece)) {
        verifier.note(piece, crc32);
        read.keep(pieces);
      }
      return;
    }
    Optional<OriginException> passing = OriginException.mayPass(failure);
    if (passing.isPresent()) {
      OriginException why = passing.get();
      engine
          .node()
          .originRefused(file.fileId(), piece, why.fault(), why.getMessage(), engine.nowNs());
      engine.events().originRefused(file, why);
      listener.refused(why);
      return;
    }
    Remedy remedy = TransferException.remedyOf(failure);
    boolean givenUp = engine.node().originFailed(file.fileId(), piece, remedy, engine.nowNs());
    listener.failed(piece, failure, givenUp);
  }

  private void request(Transfer download, boolean urgent, PieceSink sink, Scratch copy) {
    int piece = download.piece;
    PieceRequest request =
        new PieceRequest(file.fileId(), piece, 0, layout.pieceLength(piece), urgent);
    Optional<PieceTransfer> sent =
        engine
            .driver()
            .request(
                download.peerId,
                request,
                (offset, src) -> {
                  if (offset == 0) {
                    engine.run(() -> begun(download));
                  }
                  sink.write(offset, src);
                },
                DOWNLOAD_TIMEOUT_MS);
    if (sent.isEmpty()) {
      engine.run(
          () ->
              downloadEnded(
                  download,
                  null,
                  new TransferException(Remedy.RETRY_ELSEWHERE, "The peer is gone"),
                  null));
      return;
    }
    download.request = sent.get();
    download
        .request
        .completion()
        .whenComplete(
            (receipt, failure) ->
                engine.run(() -> downloadEnded(download, receipt, failure, copy)));
  }

  private void begun(Transfer download) {
    if (!download.cancelled && !ended) {
      engine.node().downloadBegun(download.peerId, file.fileId(), download.piece, engine.nowNs());
    }
  }

  private void downloadEnded(
      Transfer download, PieceReceipt receipt, Throwable outcome, Scratch copy) {
    if (!download.cancelled && !ended) {
      Throwable failure = Futures.causeOf(outcome);
      if (failure != null) {
        downloads.remove(download);
        if (!notStored(download, failure)) {
          downloadFailed(download, failure);
        }
      } else if (!verifier.fits(download.piece, OptionalInt.of(receipt.crc32()))) {
        downloads.remove(download);
        downloadFailed(download, verifier.notFitting(download.piece));
      } else if (copy != null) {
        takeOver(download, receipt, copy);
        return;
      } else {
        downloads.remove(download);
        accept(download, receipt);
      }
    }
    stopped(download);
  }

  private void downloadFailed(Transfer download, Throwable failure) {
    long peerId = download.peerId;
    if (failure instanceof PieceRefusedException) {
      boolean busy = ((PieceRefusedException) failure).reason() == RefusalReason.BUSY;
      Refused.Reason reason = busy ? Refused.Reason.BUSY : Refused.Reason.MISSING;
      engine
          .node()
          .received(peerId, new Refused(file.fileId(), download.piece, reason), engine.nowNs());
      return;
    }
    Outcome outcome = failure instanceof CorruptPieceException ? Outcome.CORRUPT : Outcome.FAILED;
    engine.events().downloadFailed(file, failure);
    engine.node().downloadEnded(peerId, file.fileId(), download.piece, outcome, 0, engine.nowNs());
  }

  private void accept(Transfer download, PieceReceipt receipt) {
    int piece = download.piece;
    int bytes = layout.pieceLength(piece);
    boolean ours =
        engine
            .node()
            .downloadEnded(
                download.peerId, file.fileId(), piece, Outcome.OK, bytes, engine.nowNs());
    if (ours) {
      arrived(engine.driver().sourceOf(download.peerId), piece);
      verifier.note(piece, OptionalInt.of(receipt.crc32()));
      download.keep(pieces);
      listener.arrived(piece);
    }
  }

  /** A hedge was faster: its bytes go where those of the slow transfer were going. */
  private void takeOver(Transfer hedge, PieceReceipt receipt, Scratch copy) {
    Transfer slow = writing.get(hedge.piece);
    if (slow != null) {
      cancel(slow);
    }
    prepare(
        hedge,
        () ->
            engine
                .storeThreads()
                .room(
                    hedge.piece,
                    () -> {
                      hedge.target.write(0, copy.bytes());
                      return null;
                    },
                    (done, failure) -> downloadEnded(hedge, receipt, failure, null)));
  }

  /** Nobody writes this transfer's bytes any more. */
  private void stopped(Transfer transfer) {
    transfer.discard(engine.uncachedPieces());
    if (writing.remove(transfer.piece, transfer)) {
      List<Runnable> waiting = new ArrayList<>(transfer.whenStopped);
      transfer.whenStopped.clear();
      waiting.forEach(Runnable::run);
    }
  }
}
