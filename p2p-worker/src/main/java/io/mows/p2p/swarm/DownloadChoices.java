// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Reject.Reason;
import io.mows.p2p.swarm.state.Patience;
import java.util.ArrayList;
import java.util.List;

/**
 * What we take from peers.
 *
 * <p>Mostly by accepting offers: a peer with a free upload slot knows what we lack, and what is
 * rare among its neighbours. We ask by ourselves for what a reader waits for, when nobody has
 * offered anything for a while, and again elsewhere when a source turns out to be slow.
 */
final class DownloadChoices {
  private static final int MAX_HEDGES = 2;
  private static final int READER_FACTOR = 4;

  /** Where only one neighbour has a piece, all who wait would ask that one. */
  private static final int SOLE_SOURCE_FACTOR = 16;

  private static final int SLOW_FACTOR = 3;
  private static final int HOPELESS_FACTOR = 12;

  private final SwarmState swarm;
  private final GroupFirst groupFirst;
  private final List<Download> active = new ArrayList<>();
  private final Patience patience = new Patience();
  private int rotation;

  DownloadChoices(SwarmState swarm, GroupFirst groupFirst) {
    this.swarm = swarm;
    this.groupFirst = groupFirst;
  }

  void onOffer(NeighbourPieces map, FileSwarm file, int offered, long nowNs) {
    Reason refusal = null;
    int piece = -1;
    int demanded = file.plan == null ? -1 : overdueAt(map, file, nowNs);
    boolean quarantined = map.link.quarantined;
    if (quarantined || (demanded < 0 && !groupFirst.mayTake(map, file, nowNs))) {
      map.declined = !quarantined;
      file.marks.hasDeclined |= map.declined;
      refusal = Reason.UNWANTED;
    } else if (swarm.freeDownloadSlots() <= (demanded >= 0 ? -1 : 0)) {
      refusal = Reason.FULL;
    } else {
      file.correct(map, offered, true);
      piece =
          demanded >= 0
              ? demanded
              : file.needs(offered) ? offered : RarestFirst.from(file, map, swarm.self);
      if (piece < 0) {
        // What we have asked for does not count as arriving before it comes.
        map.declined = !file.gets(offered);
        file.marks.hasDeclined |= map.declined;
        refusal = map.declined ? Reason.UNWANTED : Reason.HAVE;
      }
    }
    if (refusal == null) {
      accept(map, file, piece, nowNs);
    } else {
      swarm.actions.send(map.link.peerId, new Reject(file.fileId, offered, refusal));
    }
  }

  /** A piece that a reader has waited for too long and this neighbour has, or -1. */
  private int overdueAt(NeighbourPieces map, FileSwarm file, long nowNs) {
    int piece = overdue(file, nowNs);
    return piece >= 0 && map.have.get(piece) && file.needs(piece) ? piece : -1;
  }

  /** The piece that a reader has waited for too long, or -1. */
  private int overdue(FileSwarm file, long nowNs) {
    int piece = file.standstill.overdue(patience.ns(READER_FACTOR), nowNs);
    boolean sole = piece >= 0 && file.copies(piece) == 1;
    return sole ? file.standstill.overdue(patience.ns(SOLE_SOURCE_FACTOR), nowNs) : piece;
  }

  private void accept(NeighbourPieces map, FileSwarm file, int piece, long nowNs) {
    // The piece will come; what we ask for may be refused, so nobody is told before it comes.
    comes(start(map, file, piece, false, false, nowNs));
  }

  private void comes(Download download) {
    if (!download.hedge && !download.counted) {
      download.counted = true;
      swarm.downloads++;
    }
    download.file.startedArriving(download.piece);
  }

  private Download start(
      NeighbourPieces map, FileSwarm file, int piece, boolean urgent, boolean hedge, long nowNs) {
    if (!hedge) {
      file.plan.started(piece);
    }
    map.link.downloads++;
    Download download = new Download(map.link, file, piece, hedge, nowNs);
    active.add(download);
    swarm.actions.download(map.link.peerId, file.fileId, piece, urgent, hedge);
    return download;
  }

  /**
   * Asks for what readers have waited for too long. Not at once: if everybody wants the same piece
   * next, it comes sooner when it spreads than when all ask the first one who has it.
   */
  void pullOverdue(long nowNs) {
    for (FileSwarm file : swarm.lists.pulling()) {
      if (file.plan != null && file.shared && file.plan.isOnDemand()) {
        pullOnDemand(file, nowNs);
        continue;
      }
      int piece = file.plan == null ? -1 : overdue(file, nowNs);
      if (piece >= 0 && file.needs(piece) && swarm.freeDownloadSlots() > -1) {
        NeighbourPieces source = file.copies(piece) == 0 ? null : source(file, piece, null, nowNs);
        if (source != null) {
          start(source, file, piece, true, false, nowNs);
        }
      }
    }
  }

  /** Asks at once: a reader wants single pieces, and no others are worth offering. */
  private void pullOnDemand(FileSwarm file, long nowNs) {
    PieceTable plan = file.plan;
    for (int p = plan.nextDemanded(0); p >= 0; p = plan.nextDemanded(p + 1)) {
      pull(file, p, -1, nowNs);
    }
    for (int p = plan.nextInWindow(0); p >= 0; p = plan.nextInWindow(p + 1)) {
      pull(file, p, 0, nowNs);
    }
  }

  private void pull(FileSwarm file, int piece, int minFreeSlots, long nowNs) {
    // Requests that have brought nothing yet do not count as downloads, but they are on their way.
    int asked = active.size() - swarm.downloads;
    boolean free = swarm.freeDownloadSlots() - asked > minFreeSlots;
    NeighbourPieces source =
        free && file.copies(piece) > 0 ? source(file, piece, null, nowNs) : null;
    if (source != null) {
      start(source, file, piece, true, false, nowNs);
    }
  }

  /** Asks for anything useful, for as long as there are free slots: nobody has offered enough. */
  void pullIdle(long nowNs) {
    rotation++;
    int asked = active.size() - swarm.downloads;
    for (FileSwarm file : swarm.lists.open()) {
      if (swarm.freeDownloadSlots() <= asked) {
        return;
      }
      int count = file.copies.isZero() ? 0 : file.neighbours.size();
      for (int i = 0; i < count && swarm.freeDownloadSlots() > asked; i++) {
        NeighbourPieces map = file.neighbours.get((rotation + i) % count);
        boolean idle = map.link.downloads == 0 && mayAsk(map, nowNs);
        if (idle && groupFirst.mayTake(map, file, nowNs)) {
          int piece = RarestFirst.from(file, map, swarm.self);
          if (piece >= 0) {
            start(map, file, piece, false, false, nowNs);
            asked++;
          }
        }
      }
    }
  }

  /** The least loaded neighbour that has {@code piece}; the own group before the warm-up group. */
  private NeighbourPieces source(FileSwarm file, int piece, Download except, long nowNs) {
    NeighbourPieces best = null;
    int count = file.neighbours.size();
    for (int i = 0; i < count; i++) {
      NeighbourPieces map = file.neighbours.get((rotation + i) % count);
      boolean usable =
          map.have.get(piece) && (except == null || map.link != except.link) && mayAsk(map, nowNs);
      if (usable && (best == null || compare(map, best) < 0)) {
        best = map;
      }
    }
    return best;
  }

  private int compare(NeighbourPieces one, NeighbourPieces other) {
    int byRole = one.link.role.compareTo(other.link.role);
    return byRole != 0
        ? byRole
        : Double.compare(
            one.link.load(patience.typicalBytesPerNs()),
            other.link.load(patience.typicalBytesPerNs()));
  }

  private boolean mayAsk(NeighbourPieces map, long nowNs) {
    return map.link.notBeforeNs - nowNs <= 0;
  }

  /** The peer has refused our request. */
  void refused(NeighbourPieces map, FileSwarm file, int piece, Reason reason, long nowNs) {
    if (reason == Reason.MISSING) {
      file.correct(map, piece, false);
    } else {
      map.link.notBeforeNs = nowNs + swarm.settings.tickNs;
    }
    Download download = find(map.link, file, piece);
    if (download != null) {
      drop(download);
    }
  }

  /** The first byte has come. */
  void begun(Neighbour link, FileSwarm file, int piece, long nowNs) {
    Download download = find(link, file, piece);
    if (download != null && !download.begun) {
      download.begun = true;
      download.begunNs = nowNs;
      comes(download);
    }
  }

  /** Returns true if the piece is ours now. */
  boolean succeeded(Neighbour link, FileSwarm file, int piece, long bytes, long nowNs) {
    Download download = find(link, file, piece);
    if (download == null) {
      return false;
    }
    long duration = nowNs - (download.begun ? download.begunNs : download.askedNs);
    link.measured(bytes, duration);
    patience.measured(bytes, duration);
    remove(download);
    for (Download other : others(file, piece)) {
      remove(other);
      swarm.actions.cancelDownload(other.link.peerId, file.fileId, piece);
    }
    file.plan.arrived(piece);
    file.arrived(piece);
    file.standstill.moved(nowNs);
    swarm.lastDownloadNs = nowNs;
    return true;
  }

  void failed(Neighbour link, FileSwarm file, int piece) {
    Download download = find(link, file, piece);
    if (download != null) {
      drop(download);
    }
  }

  /** There is no room for the piece. */
  void withdrawn(Neighbour link, FileSwarm file, int piece, long untilNs) {
    Download download = find(link, file, piece);
    if (download != null) {
      remove(download);
      if (others(file, piece).isEmpty()) {
        file.plan.withdrawn(piece, untilNs);
        file.gone(piece);
      }
    }
  }

  void peerLost(Neighbour link) {
    for (Download download : new ArrayList<>(active)) {
      if (download.link == link) {
        drop(download);
      }
    }
  }

  /** The peer says nothing any more: others are to bring what it was to send. */
  void giveUp(Neighbour link, long nowNs) {
    for (Download download : new ArrayList<>(active)) {
      if (download.link == link) {
        cancel(download, nowNs);
      }
    }
  }

  void fileRemoved(FileSwarm file) {
    for (Download download : new ArrayList<>(active)) {
      if (download.file == file) {
        swarm.actions.cancelDownload(download.link.peerId, file.fileId, download.piece);
        drop(download);
      }
    }
  }

  /** Gives up on what does not come, and asks elsewhere for what comes slowly. */
  void checkPatience(long nowNs) {
    for (Download download : new ArrayList<>(active)) {
      if (!active.contains(download)) {
        continue;
      }
      long waited = nowNs - download.askedNs;
      boolean hopeless =
          download.begun
              ? waited > patience.ns(HOPELESS_FACTOR) + swarm.settings.stallNs
              : waited > swarm.settings.requestTimeoutNs;
      if (hopeless) {
        cancel(download, nowNs);
      } else if (waited > patience.ns(SLOW_FACTOR)) {
        hedge(download, nowNs);
      }
    }
  }

  private void cancel(Download download, long nowNs) {
    swarm.actions.cancelDownload(download.link.peerId, download.file.fileId, download.piece);
    download.link.notBeforeNs = nowNs + swarm.settings.requestTimeoutNs;
    drop(download);
  }

  private void hedge(Download download, long nowNs) {
    boolean wanted = swarm.freeDownloadSlots() > 0 || download.file.plan.isAwaited(download.piece);
    if (download.hedge || !wanted || others(download.file, download.piece).size() > 1) {
      return;
    }
    if (active.stream().filter(d -> d.hedge).count() < MAX_HEDGES) {
      NeighbourPieces source = source(download.file, download.piece, download, nowNs);
      if (source != null) {
        start(source, download.file, download.piece, true, true, nowNs);
      }
    }
  }

  boolean isIdle() {
    return active.isEmpty();
  }

  int inFlight() {
    return active.size();
  }

  private Download find(Neighbour link, FileSwarm file, int piece) {
    for (Download download : active) {
      if (download.link == link && download.file == file && download.piece == piece) {
        return download;
      }
    }
    return null;
  }

  private List<Download> others(FileSwarm file, int piece) {
    List<Download> found = new ArrayList<>(1);
    for (Download download : active) {
      if (download.file == file && download.piece == piece) {
        found.add(download);
      }
    }
    return found;
  }

  /** This source does not deliver: without another one the piece is missing again. */
  private void drop(Download download) {
    remove(download);
    if (others(download.file, download.piece).isEmpty()) {
      download.file.plan.released(download.piece);
      download.file.gone(download.piece);
    }
  }

  private void remove(Download download) {
    active.remove(download);
    download.link.downloads--;
    swarm.downloads -= download.counted ? 1 : 0;
  }

  private static final class Download {
    private final Neighbour link;
    private final FileSwarm file;
    private final int piece;
    private final boolean hedge;
    private final long askedNs;
    private boolean counted;
    private boolean begun;
    private long begunNs;

    Download(Neighbour link, FileSwarm file, int piece, boolean hedge, long askedNs) {
      this.link = link;
      this.file = file;
      this.piece = piece;
      this.hedge = hedge;
      this.askedNs = askedNs;
    }
  }
}
