// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps the order of sources: the own group first, then the warm-up group.
 *
 * <p>Warm-up workers serve every group. So a group that can help itself leaves them alone: nothing
 * is taken from a warm-up worker while each peer of the group that lacks a part of the file finds
 * one in the group that has all of it, nor while a peer of the group has yet to say what it has.
 * Where the group has too few holders, or these do not deliver, the warm-up group is as good a
 * source as any. What a reader has waited for too long is asked for before this question comes up.
 */
final class GroupFirst {
  private final SwarmState swarm;
  private final Unheard unheard;
  private final AvoidedPeers avoided;

  GroupFirst(SwarmState swarm, AvoidedPeers avoided) {
    this.swarm = swarm;
    this.unheard = new Unheard(swarm);
    this.avoided = avoided;
  }

  /** Whether a piece of {@code file} may be taken from {@code peer} now. */
  boolean mayTake(NeighbourPieces peer, FileSwarm file, long nowNs) {
    return peer.neighbour().role() == Role.GROUP
        || !(suffices(file, nowNs) || isUnheard(file, nowNs));
  }

  /** Each of the group that lacks a part of {@code file} finds one that has all of it. */
  boolean suffices(FileSwarm file, long nowNs) {
    if (file.fetching().isDesperate()) {
      return false;
    }
    Set<Long> holders = new HashSet<>();
    Set<Long> others = new HashSet<>();
    others.add(swarm.self());
    for (SwarmMember member : file.members().list()) {
      if (member.role() == Role.GROUP && member.peerId() != swarm.self()) {
        (member.isComplete() ? holders : others).add(member.peerId());
      }
    }
    // What the locator knows is some seconds old; the peers themselves know better.
    for (NeighbourPieces map : file.neighbours().told()) {
      if (map.neighbour().role() == Role.GROUP) {
        boolean isFull = map.have().isFull();
        (isFull ? others : holders).remove(map.neighbour().peerId());
        (isFull ? holders : others).add(map.neighbour().peerId());
      }
    }
    holders.removeIf(peer -> avoided.contains(peer, nowNs));
    return holders.size() >= others.size();
  }

  /** Whether a peer of the group that has something of {@code file} has yet to say what. */
  private boolean isUnheard(FileSwarm file, long nowNs) {
    return file.members().isPatient(nowNs)
        && file.members().list().stream()
            .anyMatch(member -> member.role() == Role.GROUP && unheard.is(file, member));
  }
}
