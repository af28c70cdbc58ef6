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
  void begun(Neighbour neighbour, FileSwarm file, int piece, long nowNs) {
    DownloadRow download = swarm.inFlight().find(neighbour, file, piece);
    if (download != null && download.begins(nowNs)) {
      orders.comes(download);
    }
  }

  /** Returns true if the piece is ours now. */
  boolean succeeded(Neighbour neighbour, FileSwarm file, int piece, long bytes, long nowNs) {
    InFlight inFlight = swarm.inFlight();
    DownloadRow download = inFlight.find(neighbour, file, piece);
    if (download == null) {
      return false;
    }
    long durationNs = download.durationNs(nowNs);
    neighbour.measured(bytes, durationNs);
    patience.measured(bytes, durationNs);
    inFlight.remove(download);
    for (DownloadRow other : inFlight.of(file, piece)) {
      inFlight.remove(other);
      orders.tellCancelled(other);
    }
    file.plan().arrived(piece);
    file.arrived(piece);
    file.standstill().moved(nowNs);
    swarm.downloaded(nowNs);
    return true;
  }

  void failed(Neighbour neighbour, FileSwarm file, int piece) {
    DownloadRow download = swarm.inFlight().find(neighbour, file, piece);
    if (download != null) {
      orders.drop(download);
    }
  }

  /** The peer has refused our request. */
  void refused(NeighbourPieces map, FileSwarm file, int piece, Reason reason, long nowNs) {
    if (reason == Reason.MISSING) {
      Hearsay.correct(file, map, piece, false);
    } else {
      map.neighbour().notBefore(nowNs + swarm.settings().tickNs());
    }
    failed(map.neighbour(), file, piece);
  }

  /** There is no room for the piece. */
  void withdrawn(Neighbour neighbour, FileSwarm file, int piece, long untilNs) {
    DownloadRow download = swarm.inFlight().find(neighbour, file, piece);
    if (download != null) {
      swarm.inFlight().remove(download);
      if (!swarm.inFlight().isAny(file, piece)) {
        file.plan().withdrawn(piece, untilNs);
        file.gone(piece);
      }
    }
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
