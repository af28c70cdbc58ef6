// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.DownloadRow;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;

/**
 * Begins downloads and calls them off, so that the row, the state of the piece and what the
 * neighbours are told of it agree.
 */
final class DownloadOrders {
  private final SwarmState swarm;

  DownloadOrders(SwarmState swarm) {
    this.swarm = swarm;
  }

  /** Takes a piece that was offered: it will come. */
  void accept(NeighbourPieces map, FileSwarm file, int piece, long nowNs) {
    comes(begin(map, file, piece, false, false, nowNs));
  }

  /**
   * Asks for a piece, which may be refused: nobody is told of it before it comes.
   *
   * @param isUrgent a reader waits for it
   */
  void ask(NeighbourPieces map, FileSwarm file, int piece, boolean isUrgent, long nowNs) {
    begin(map, file, piece, isUrgent, false, nowNs);
  }

  /** Asks for a piece that somebody else is to bring, but does not. */
  void hedge(NeighbourPieces map, DownloadRow slow, long nowNs) {
    begin(map, slow.file(), slow.piece(), true, true, nowNs);
  }

  private DownloadRow begin(
      NeighbourPieces map,
      FileSwarm file,
      int piece,
      boolean isUrgent,
      boolean isHedge,
      long nowNs) {
    if (!isHedge) {
      file.plan().started(piece);
    }
    DownloadRow download = swarm.inFlight().ask(map.neighbour(), file, piece, isHedge, nowNs);
    long peerId = map.neighbour().peerId();
    swarm.actions().download(peerId, file.fileId(), piece, isUrgent, isHedge);
    return download;
  }

  /** It does come. */
  void comes(DownloadRow download) {
    swarm.inFlight().comes(download);
    download.file().startedArriving(download.piece());
  }

  /** Calls it off: others are to bring the piece. */
  void cancel(DownloadRow download, long nowNs) {
    tellCancelled(download);
    download.neighbour().notBefore(nowNs + swarm.settings().requestTimeoutNs());
    drop(download);
  }

  void tellCancelled(DownloadRow download) {
    long peerId = download.neighbour().peerId();
    swarm.actions().cancelDownload(peerId, download.file().fileId(), download.piece());
  }

  /** This source does not deliver: without another one the piece is missing again. */
  void drop(DownloadRow download) {
    FileSwarm file = download.file();
    swarm.inFlight().remove(download);
    if (!swarm.inFlight().isAny(file, download.piece())) {
      file.plan().released(download.piece());
      file.gone(download.piece());
    }
  }
}
