// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.Patience;
import io.mows.p2p.swarm.state.SwarmState;

/** Puts together what takes pieces from peers; all of it has one measure of how fast they are. */
final class PeerDownloads {
  private final DownloadChoices choices;
  private final SlowSources slowSources;
  private final DownloadEnds ends;

  PeerDownloads(SwarmState swarm, GroupFirst groupFirst) {
    Patience patience = new Patience();
    DownloadOrders orders = new DownloadOrders(swarm);
    DownloadSources sources = new DownloadSources(patience);
    this.choices = new DownloadChoices(swarm, groupFirst, orders, sources, patience);
    this.slowSources = new SlowSources(swarm, orders, sources, patience);
    this.ends = new DownloadEnds(swarm, orders, patience);
  }

  DownloadChoices choices() {
    return choices;
  }

  SlowSources slowSources() {
    return slowSources;
  }

  DownloadEnds ends() {
    return ends;
  }
}
