// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.DownloadRow;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Patience;
import io.mows.p2p.swarm.state.SwarmState;

/** Gives up on what does not come, and asks elsewhere for what comes slowly. */
final class SlowSources {
  private static final int MAX_HEDGES = 2;
  private static final int SLOW_FACTOR = 3;
  private static final int HOPELESS_FACTOR = 12;

  private final SwarmState swarm;
  private final DownloadOrders orders;
  private final DownloadSources sources;
  private final Patience patience;

  SlowSources(SwarmState swarm, DownloadOrders orders, DownloadSources sources, Patience patience) {
    this.swarm = swarm;
    this.orders = orders;
    this.sources = sources;
    this.patience = patience;
  }

  /** To be called with each tick. */
  void check(long nowNs) {
    for (DownloadRow download : swarm.inFlight().downloads()) {
      if (!swarm.inFlight().has(download)) {
        continue;
      }
      if (isHopeless(download, nowNs)) {
        orders.cancel(download, nowNs);
      } else if (download.waitedNs(nowNs) > patience.ns(SLOW_FACTOR)) {
        hedge(download, nowNs);
      }
    }
  }

  private boolean isHopeless(DownloadRow download, long nowNs) {
    long patienceNs =
        download.hasBegun()
            ? patience.ns(HOPELESS_FACTOR) + swarm.settings().stallNs()
            : swarm.settings().requestTimeoutNs();
    return download.waitedNs(nowNs) > patienceNs;
  }

  private void hedge(DownloadRow slow, long nowNs) {
    boolean wanted =
        swarm.freeDownloadSlots() > 0 || slow.file().plan().wants().isAwaited(slow.piece());
    boolean isHedged = swarm.inFlight().of(slow.file(), slow.piece()).size() > 1;
    if (slow.isHedge() || !wanted || isHedged || swarm.inFlight().hedges() >= MAX_HEDGES) {
      return;
    }
    NeighbourPieces source = sources.of(slow.file(), slow.piece(), slow.neighbour(), nowNs);
    if (source != null) {
      orders.hedge(source, slow, nowNs);
    }
  }
}
