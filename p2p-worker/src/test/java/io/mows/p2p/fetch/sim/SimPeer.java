// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.PieceRefusedException;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What one simulated worker is to others: gives pieces, hangs, lies, and is gone. */
final class SimPeer {
  private static final long HUNG_NS = TimeUnit.SECONDS.toNanos(120);

  private final SimWorker worker;
  private final SimTime time;
  private final Map<Long, Request> requests = new HashMap<>();
  private boolean isLiar;
  private long next;

  SimPeer(SimWorker worker, SimTime time) {
    this.worker = worker;
    this.time = time;
  }

  /** Sends bytes that are not what their CRC32 says. */
  void setLiar(boolean liar) {
    isLiar = liar;
  }

  private static TransferException gone() {
    return new TransferException(Remedy.RETRY_ELSEWHERE, "The peer is gone");
  }

  /** Asks another one for a piece. */
  void download(SimTransfers.Row row, long peerId, boolean urgent) {
    SimWorld world = worker.world();
    long connection = world.connection(worker.id(), peerId);
    if (connection < 0) {
      time.later(0, () -> worker.simTransfers().fail(row, gone(), -1));
      return;
    }
    SimPeer other = world.worker(peerId).peer();
    boolean hangs = world.isFaulty() && time.oneIn(60);
    time.later(hangs ? HUNG_NS : time.someNs(3), () -> other.asked(row, this, connection, urgent));
  }

  private boolean isConnected(SimPeer other, long connection) {
    return worker.world().connection(worker.id(), other.worker.id()) == connection;
  }

  private void asked(SimTransfers.Row row, SimPeer asker, long connection, boolean urgent) {
    if (!isConnected(asker, connection)) {
      asker.worker.simTransfers().fail(row, gone(), -1);
      return;
    }
    long request = next++;
    requests.put(request, new Request(row, asker, connection));
    FileSpec file = row.file;
    int length = file.layout().pieceLength(row.piece);
    worker.post(
        in ->
            in.pieceRequested(
                request, asker.worker.id(), file.fileId(), row.piece, 0, length, urgent));
  }

  void open(long request, FileSpec file, int piece) {
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

  void sendPiece(long number) {
    Request request = requests.remove(number);
    if (request == null) {
      return;
    }
    time.later(
        time.someNs(10),
        () -> {
          boolean sent = isConnected(request.asker, request.connection);
          SimTransfers transfers = request.asker.worker.simTransfers();
          if (!sent) {
            transfers.fail(request.row, gone(), -1);
          } else if (isLiar && time.oneIn(2)) {
            transfers.corrupt(request.row);
          } else {
            request.asker.worker.post(in -> in.transferBegun(request.row.ticket));
            transfers.write(request.row, request.value, true);
          }
          worker.answer("uploadEnded", in -> in.uploadEnded(number, sent));
        });
  }

  void refuse(long number, RefusalReason reason) {
    Request request = requests.remove(number);
    if (request != null) {
      PieceRefusedException refused =
          new PieceRefusedException(reason, Remedy.RETRY_ELSEWHERE, "refused");
      time.later(
          time.someNs(2), () -> request.asker.worker.simTransfers().fail(request.row, refused, -1));
    }
  }

  /** Whatever peers are told that we have, we have. */
  void checkPromises(SwarmMessage message) {
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

  private static final class Request {
    private final SimTransfers.Row row;
    private final SimPeer asker;
    private final long connection;
    private int value;

    Request(SimTransfers.Row row, SimPeer asker, long connection) {
      this.row = row;
      this.asker = asker;
      this.connection = connection;
    }
  }
}
