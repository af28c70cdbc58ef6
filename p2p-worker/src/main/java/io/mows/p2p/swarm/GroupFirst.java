// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;

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
  private final BiPredicate<Long, Long> isAvoided;

  /**
   * @param isAvoided whether a peer (its id) could not be reached lately (at this time)
   */
  GroupFirst(SwarmState swarm, BiPredicate<Long, Long> isAvoided) {
    this.swarm = swarm;
    this.isAvoided = isAvoided;
  }

  /** Whether a piece of {@code file} may be taken from {@code peer} now. */
  boolean mayTake(NeighbourPieces peer, FileSwarm file, long nowNs) {
    return peer.link.role == Role.GROUP || !(suffices(file, nowNs) || isUnheard(file, nowNs));
  }

  /** Each of the group that lacks a part of {@code file} finds one that has all of it. */
  boolean suffices(FileSwarm file, long nowNs) {
    if (file.desperate) {
      return false;
    }
    Set<Long> holders = new HashSet<>();
    Set<Long> others = new HashSet<>();
    others.add(swarm.self);
    for (SwarmMember member : file.memberList()) {
      if (member.role() == Role.GROUP && member.peerId() != swarm.self) {
        (member.isComplete() ? holders : others).add(member.peerId());
      }
    }
    // What the locator knows is some seconds old; the peers themselves know better.
    for (NeighbourPieces map : file.neighbours) {
      if (map.link.role == Role.GROUP) {
        boolean isFull = map.have.isFull();
        (isFull ? others : holders).remove(map.link.peerId);
        (isFull ? holders : others).add(map.link.peerId);
      }
    }
    holders.removeIf(peer -> isAvoided.test(peer, nowNs));
    return holders.size() >= others.size();
  }

  /** Whether a peer of the group that has something of {@code file} has yet to say what. */
  private boolean isUnheard(FileSwarm file, long nowNs) {
    return nowNs - file.patientUntilNs < 0
        && file.memberList().stream()
            .anyMatch(member -> member.role() == Role.GROUP && swarm.isUnheard(file, member));
  }
}
