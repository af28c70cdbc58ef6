// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;

/** Peers come and go; {@link SwarmNode} documents the methods. */
final class SwarmPeers {
  private final SwarmState swarm;
  private final Overlay overlay;
  private final DownloadEnds downloads;
  private final UploadOffers uploads;
  private final Gossip gossip;

  SwarmPeers(
      SwarmState swarm,
      Overlay overlay,
      DownloadEnds downloads,
      UploadOffers uploads,
      Gossip gossip) {
    this.swarm = swarm;
    this.overlay = overlay;
    this.downloads = downloads;
    this.uploads = uploads;
    this.gossip = gossip;
  }

  void connected(long peerId, Role role, boolean incoming, boolean important, long nowNs) {
    if (swarm.connections().has(peerId)) {
      return;
    }
    if (!overlay.accepts(incoming, important)) {
      swarm.actions().disconnect(peerId);
      return;
    }
    overlay.connected(peerId);
    Neighbour neighbour = swarm.connected(peerId, role, nowNs);
    for (FileSwarm file : swarm.files().values()) {
      gossip.sendMap(neighbour, file, nowNs);
    }
  }

  void lanes(long peerId, int count) {
    swarm.connections().lanes(peerId, count);
    uploads.changed();
  }

  void disconnected(long peerId, boolean isLost, long nowNs) {
    overlay.lost(peerId, isLost, nowNs + swarm.settings().suspectNs());
    swarm.views().all();
    Neighbour neighbour = swarm.connections().get(peerId);
    if (neighbour != null) {
      downloads.peerLost(neighbour);
      uploads.forget(neighbour);
      swarm.disconnected(neighbour);
    }
  }
}
