// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMessage.Reject.Reason;
import io.mows.p2p.swarm.state.DownloadRow;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.InFlight;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Patience;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What becomes of downloads: they begin, bring their piece, or do not. */
final class DownloadEnds {
  private final SwarmState swarm;
  private final DownloadOrders orders;
  private final Patience patience;

  DownloadEnds(SwarmState swarm, DownloadOrders orders, Patience patience) {
    this.swarm = swarm;
    this.orders = orders;
    this.patience = patience;
  }

  /** The first byte has come. */
  void begun(long peerId, long fileId, int piece, long nowNs) {
    DownloadRow download = find(peerId, fileId, piece);
    if (download != null && download.begins(nowNs)) {
      orders.comes(download);
    }
  }

  /**
   * All bytes are here and right; returns true if the piece is ours now.
   *
   * @param bytes how many the peer has sent; 0 if they were here all the time
   */
  boolean came(long peerId, long fileId, int piece, long bytes, long nowNs) {
    DownloadRow download = find(peerId, fileId, piece);
    if (download != null) {
      succeeded(download, bytes, nowNs);
    }
    return download != null;
  }

  void failed(long peerId, long fileId, int piece) {
    DownloadRow download = find(peerId, fileId, piece);
    if (download != null) {
      orders.drop(download);
    }
  }

  private void succeeded(DownloadRow download, long bytes, long nowNs) {
    InFlight inFlight = swarm.inFlight();
    FileSwarm file = download.file();
    int piece = download.piece();
    long durationNs = download.durationNs(nowNs);
    if (bytes > 0) {
      download.neighbour().measured(bytes, durationNs);
      patience.measured(bytes, durationNs);
    }
    inFlight.remove(download);
    for (DownloadRow other : inFlight.of(file, piece)) {
      inFlight.remove(other);
      orders.tellCancelled(other);
    }
    file.plan().arrived(piece);
    file.arrived(piece);
    file.standstill().moved(nowNs);
    swarm.downloaded(nowNs);
  }

  /** The peer has refused our request. */
  void refused(NeighbourPieces map, FileSwarm file, int piece, Reason reason, long nowNs) {
    if (reason == Reason.MISSING) {
      Hearsay.correct(file, map, piece, false);
    } else {
      map.neighbour().notBefore(nowNs + swarm.settings().tickNs());
    }
    DownloadRow download = swarm.inFlight().find(map.neighbour(), file, piece);
    if (download != null) {
      orders.drop(download);
    }
  }

  /** There is no room for the piece. */
  void withdrawn(long peerId, long fileId, int piece, long untilNs) {
    DownloadRow download = find(peerId, fileId, piece);
    if (download != null) {
      swarm.inFlight().remove(download);
      FileSwarm file = download.file();
      if (!swarm.inFlight().isAny(file, piece)) {
        file.plan().withdrawn(piece, untilNs);
        file.gone(piece);
      }
    }
  }

  private DownloadRow find(long peerId, long fileId, int piece) {
    NeighbourPieces map = swarm.pieces(peerId, fileId);
    return map == null ? null : swarm.inFlight().find(map.neighbour(), swarm.file(fileId), piece);
  }

  void peerLost(Neighbour neighbour) {
    forEach(download -> download.neighbour() == neighbour, orders::drop);
  }

  /** The peer says nothing any more: others are to bring what it was to send. */
  void giveUp(Neighbour neighbour, long nowNs) {
    forEach(
        download -> download.neighbour() == neighbour, download -> orders.cancel(download, nowNs));
  }

  void fileRemoved(FileSwarm file) {
    forEach(
        download -> download.file() == file,
        download -> {
          orders.tellCancelled(download);
          orders.drop(download);
        });
  }

  private void forEach(Predicate<DownloadRow> which, Consumer<DownloadRow> task) {
    for (DownloadRow download : swarm.inFlight().downloads()) {
      if (which.test(download)) {
        task.accept(download);
      }
    }
  }
}
