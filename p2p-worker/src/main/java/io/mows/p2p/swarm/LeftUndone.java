// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;

/**
 * What others leave undone of a file, for a worker that has nothing else to read. An owner takes
 * the last piece that nobody has begun and that is its own next in hash order, so that no two take
 * the same; any peer takes the first one of all when nothing has moved for long.
 */
final class LeftUndone {
  /** So much longer is waited for what somebody says is on its way. */
  private static final int PROMISED_FACTOR = 5;

  private final SwarmState swarm;

  LeftUndone(SwarmState swarm) {
    this.swarm = swarm;
  }

  /** A piece of {@code file} that others leave undone, or -1. */
  int of(FileSwarm file, long nowNs) {
    int after = Math.max(0, file.ownership().rank() - file.ownership().owners().length + 1);
    long patienceNs = swarm.settings().stallNs() * (1 + after);
    boolean stalled = file.standstill().quietNs(nowNs) > patienceNs;
    boolean isElsewhere = file.fetching().isCompleteElsewhere();
    file.fetching().desperate(stalled && isElsewhere && isHeldUp(file, patienceNs, nowNs));
    if (isElsewhere) {
      return -1;
    }
    int piece = file.standstill().overdue(patienceNs, nowNs);
    if (piece >= 0 && !file.seen().get(piece) && file.plan().wants().needs(piece)) {
      return piece;
    }
    if (stalled) {
      return Unseen.firstAnywhere(file);
    }
    return file.ownership().isOwner() ? Unseen.lastOfDeputy(file) : -1;
  }

  /**
   * A piece of {@code file} that neighbours only say they are getting, while a reader waits for it
   * here or nothing of the file moves anywhere; or -1. A peer whose reads of the origin hang must
   * not hold up the others, but what is slow must not be read by all of them: one peer after the
   * other, in hash order, loses its patience.
   */
  int promised(FileSwarm file, long nowNs) {
    int before = file.ownership().rank();
    long patienceNs = PROMISED_FACTOR * swarm.settings().stallNs() * (1 + before);
    int piece = file.standstill().overdue(patienceNs, nowNs);
    if (piece >= 0) {
      return Unseen.isHadByNobody(file, piece) ? piece : -1;
    }
    boolean isQuiet = file.standstill().quietNs(nowNs) > patienceNs;
    return isQuiet && swarm.inFlight().originReadCount() == 0 ? Unseen.firstHadByNobody(file) : -1;
  }

  /** Not only behind other files: nothing comes at all, or a reader waits for this one. */
  private boolean isHeldUp(FileSwarm file, long patienceNs, long nowNs) {
    return nowNs - swarm.lastDownloadNs() > patienceNs
        || file.standstill().overdue(patienceNs, nowNs) >= 0;
  }
}
