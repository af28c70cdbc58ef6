// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Works out who owns which piece of a file, and whether anybody has all of it. */
final class OwnerView {
  private final SwarmState swarm;
  private final AvoidedPeers avoided;

  OwnerView(SwarmState swarm, AvoidedPeers avoided) {
    this.swarm = swarm;
    this.avoided = avoided;
  }

  void update(FileSwarm file, long nowNs) {
    Set<Long> fetching = new LinkedHashSet<>();
    Set<Long> resting = new HashSet<>();
    boolean isCompleteElsewhere = false;
    if (file.plan() != null) {
      fetching.add(swarm.self());
    }
    for (SwarmMember member : file.members().list()) {
      if (member.peerId() == swarm.self() || avoided.isUseless(member.peerId(), nowNs)) {
        continue;
      }
      isCompleteElsewhere |= member.isComplete();
      if (member.role() == Role.GROUP && !member.isComplete()) {
        (member.isResting() ? resting : fetching).add(member.peerId());
      }
    }
    for (NeighbourPieces map : file.neighbours().told()) {
      long peerId = map.neighbour().peerId();
      if (map.have().isFull()) {
        fetching.remove(peerId);
      } else if (map.neighbour().role() == Role.GROUP
          && (map.arriving().count() > 0 || !resting.contains(peerId))) {
        fetching.add(peerId);
      }
    }
    file.fetching().completeElsewhere(isCompleteElsewhere);
    long[] owners = new long[fetching.size()];
    int count = 0;
    for (long owner : fetching) {
      owners[count++] = owner;
    }
    file.ownership().update(owners);
    file.viewUpdated();
  }
}
