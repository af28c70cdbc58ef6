// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.PieceRefusedException;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one simulated worker is to others: asks them for pieces, and gives them its own. */
abstract class SimPeer {
  private final SimWorker worker;
  private final SimTime time;
  private final Map<Long, Request> requests = new HashMap<>();
  private long next;

  SimPeer(SimWorker worker, SimTime time) {
    this.worker = worker;
    this.time = time;
  }

  final SimWorker worker() {
    return worker;
  }

  static TransferException gone() {
    return new TransferException(Remedy.RETRY_ELSEWHERE, "The peer is gone");
  }

  /** Asks another one for a piece. */
  abstract void download(SimTransfers.Row row, long peerId, boolean urgent);

  /** Begins to send what was granted; that ends with {@link FetchInput#uploadEnded}. */
  abstract void send(long number, Request request);

  /** Tells who has asked that it does not get the piece. */
  abstract void refuse(Request request, PieceRefusedException why);

  /** For how long nothing has come from this peer, in ns. */
  abstract long silentNs(long peerId);

  /** Has this peer say something. */
  abstract void ping(long peerId);

  /** A request of {@code asker} has come. */
  final void requested(SimTransfers.Row row, SimPeer asker, long connection, boolean urgent) {
    long request = next++;
    requests.put(request, new Request(row, asker, connection));
    FileSpec file = row.file;
    int length = file.layout().pieceLength(row.piece);
    worker.post(
        in ->
            in.pieceRequested(
                request, asker.worker.id(), file.fileId(), row.piece, 0, length, urgent));
  }

  final void open(long request, FileSpec file, int piece) {
    time.later(
        time.someNs(3),
        () -> {
          Integer value = worker.read(file, piece);
          Request known = requests.get(request);
          if (value == null || known == null) {
            worker.answer("pieceNotOpened", in -> in.pieceNotOpened(request));
          } else {
            known.value = value;
            worker.post(in -> in.pieceOpened(request, value));
          }
        });
  }

  final void sendPiece(long number) {
    Request request = requests.remove(number);
    if (request != null) {
      send(number, request);
    }
  }

  final void refuse(long number, RefusalReason reason) {
    Request request = requests.remove(number);
    if (request != null) {
      refuse(request, new PieceRefusedException(reason, Remedy.RETRY_ELSEWHERE, "refused"));
    }
  }

  /** Whatever peers are told that we have, we have. */
  final void checkPromises(SwarmMessage message) {
    if (message instanceof SwarmMessage.BitfieldDelta) {
      for (int piece : ((SwarmMessage.BitfieldDelta) message).have()) {
        check(message.fileId(), piece);
      }
    } else if (message instanceof SwarmMessage.Bitfield) {
      SwarmMessage.Bitfield map = (SwarmMessage.Bitfield) message;
      for (int p = map.have().nextSet(0); p >= 0; p = map.have().nextSet(p + 1)) {
        check(message.fileId(), p);
      }
    }
  }

  private void check(long fileId, int piece) {
    Optional<FileFetch> fetch = worker.core().fetches().get(fileId);
    boolean isShown = fetch.isPresent() && fetch.get().pieces().isReadable(piece);
    boolean isHeld = worker.core().state().held().holds(fileId, piece);
    if (!isShown && !isHeld && !worker.isJustGone(fileId, piece)) {
      worker
          .world()
          .complaints()
          .add(
              "peers are told of piece "
                  + piece
                  + " of file "
                  + fileId
                  + ", which is not here; it is "
                  + (fetch.isPresent() ? "fetched" : "not fetched"));
    }
  }

  /** One that was heard and is not answered. */
  static final class Request {
    final SimTransfers.Row row;
    final SimPeer asker;
    final long connection;
    int value;

    Request(SimTransfers.Row row, SimPeer asker, long connection) {
      this.row = row;
      this.asker = asker;
      this.connection = connection;
    }
  }
}
