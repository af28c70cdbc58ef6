// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.plan.Wants;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Reject.Reason;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Patience;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.List;

/**
 * What we take from peers.
 *
 * <p>Mostly by accepting offers: a peer with a free upload slot knows what we lack, and what is
 * rare among its neighbours. We ask by ourselves for what a reader waits for, when nobody has
 * offered anything for a while, and again elsewhere when a source turns out to be slow ({@link
 * SlowSources}).
 */
final class DownloadChoices {
  private static final int READER_FACTOR = 4;

  /** Where only one neighbour has a piece, all who wait would ask that one. */
  private static final int SOLE_SOURCE_FACTOR = 16;

  private final SwarmState swarm;
  private final GroupFirst groupFirst;
  private final DownloadOrders orders;
  private final DownloadSources sources;
  private final Patience patience;

  DownloadChoices(
      SwarmState swarm,
      GroupFirst groupFirst,
      DownloadOrders orders,
      DownloadSources sources,
      Patience patience) {
    this.swarm = swarm;
    this.groupFirst = groupFirst;
    this.orders = orders;
    this.sources = sources;
    this.patience = patience;
  }

  void onOffer(NeighbourPieces map, FileSwarm file, int offered, long nowNs) {
    int demanded = file.plan() == null ? -1 : overdueAt(map, file, nowNs);
    boolean quarantined = map.neighbour().isQuarantined();
    if (quarantined || (demanded < 0 && !groupFirst.mayTake(map, file, nowNs))) {
      decline(map, file, !quarantined);
      reject(map, file, offered, Reason.UNWANTED);
      return;
    }
    if (swarm.freeDownloadSlots() <= (demanded >= 0 ? -1 : 0)) {
      reject(map, file, offered, Reason.FULL);
      return;
    }
    Hearsay.correct(file, map, offered, true);
    int piece = demanded >= 0 ? demanded : choose(map, file, offered);
    if (piece >= 0) {
      orders.accept(map, file, piece, nowNs);
      return;
    }
    // What we have asked for does not count as arriving before it comes.
    boolean isUnwanted = !file.gets(offered);
    decline(map, file, isUnwanted);
    reject(map, file, offered, isUnwanted ? Reason.UNWANTED : Reason.HAVE);
  }

  private int choose(NeighbourPieces map, FileSwarm file, int offered) {
    return file.needs(offered) ? offered : RarestFirst.from(file, map, swarm.self());
  }

  private static void decline(NeighbourPieces map, FileSwarm file, boolean isDeclined) {
    map.declined(isDeclined);
    if (isDeclined) {
      file.news().hasDeclined();
    }
  }

  private void reject(NeighbourPieces map, FileSwarm file, int offered, Reason reason) {
    swarm.actions().send(map.neighbour().peerId(), new Reject(file.fileId(), offered, reason));
  }

  /** A piece that a reader has waited for too long and this neighbour has, or -1. */
  private int overdueAt(NeighbourPieces map, FileSwarm file, long nowNs) {
    int piece = overdue(file, nowNs);
    return piece >= 0 && map.have().get(piece) && file.needs(piece) ? piece : -1;
  }

  /** The piece that a reader has waited for too long, or -1. */
  private int overdue(FileSwarm file, long nowNs) {
    int piece = file.standstill().overdue(patience.ns(READER_FACTOR), nowNs);
    boolean sole = piece >= 0 && file.copies(piece) == 1;
    return sole ? file.standstill().overdue(patience.ns(SOLE_SOURCE_FACTOR), nowNs) : piece;
  }

  /**
   * Asks for what readers have waited for too long. Not at once: if everybody wants the same piece
   * next, it comes sooner when it spreads than when all ask the first one who has it.
   */
  void pullOverdue(long nowNs) {
    for (FileSwarm file : swarm.lists().pulling()) {
      if (file.fetching().isOnDemand()) {
        pullOnDemand(file, nowNs);
        continue;
      }
      int piece = file.plan() == null ? -1 : overdue(file, nowNs);
      if (piece >= 0 && file.needs(piece) && swarm.freeDownloadSlots() > -1) {
        pull(file, piece, nowNs);
      }
    }
  }

  /** Asks at once: a reader wants single pieces, and no others are worth offering. */
  private void pullOnDemand(FileSwarm file, long nowNs) {
    Wants wants = file.plan().wants();
    for (int p = wants.nextDemanded(0); p >= 0; p = wants.nextDemanded(p + 1)) {
      pullIfFree(file, p, -1, nowNs);
    }
    for (int p = wants.nextInWindow(0); p >= 0; p = wants.nextInWindow(p + 1)) {
      pullIfFree(file, p, 0, nowNs);
    }
  }

  private void pullIfFree(FileSwarm file, int piece, int minFreeSlots, long nowNs) {
    // Requests that have brought nothing yet do not count as downloads, but they are on their way.
    if (swarm.freeDownloadSlots() - swarm.inFlight().askedFor() > minFreeSlots) {
      pull(file, piece, nowNs);
    }
  }

  private void pull(FileSwarm file, int piece, long nowNs) {
    NeighbourPieces source = file.copies(piece) == 0 ? null : sources.of(file, piece, null, nowNs);
    if (source != null) {
      orders.ask(source, file, piece, true, nowNs);
    }
  }

  /** Asks for anything useful, for as long as there are free slots: nobody has offered enough. */
  void pullIdle(long nowNs) {
    sources.rotate();
    int asked = swarm.inFlight().askedFor();
    for (FileSwarm file : swarm.lists().open()) {
      if (swarm.freeDownloadSlots() <= asked) {
        return;
      }
      List<NeighbourPieces> neighbours = file.neighbours().told();
      int count = file.neighbours().copies().isZero() ? 0 : neighbours.size();
      for (int i = 0; i < count && swarm.freeDownloadSlots() > asked; i++) {
        asked += askIfIdle(sources.at(neighbours, i), file, nowNs) ? 1 : 0;
      }
    }
  }

  private boolean askIfIdle(NeighbourPieces map, FileSwarm file, long nowNs) {
    boolean idle = map.neighbour().downloads() == 0 && map.neighbour().mayBeAsked(nowNs);
    if (!idle || !groupFirst.mayTake(map, file, nowNs)) {
      return false;
    }
    int piece = RarestFirst.from(file, map, swarm.self());
    if (piece >= 0) {
      orders.ask(map, file, piece, false, nowNs);
    }
    return piece >= 0;
  }
}
