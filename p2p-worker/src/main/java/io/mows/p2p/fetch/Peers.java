// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.FetchEvents.Source;
import io.mows.p2p.swarm.SwarmMember.Role;
import java.util.HashMap;
import java.util.Map;

/** The peers with which this worker is connected. For the engine's thread. */
final class Peers {
  private final boolean isShared;
  private final Map<Long, Role> roles = new HashMap<>();

  /**
   * @param isShared whether other workers may have files as well
   */
  Peers(boolean isShared) {
    this.isShared = isShared;
  }

  boolean isShared() {
    return isShared;
  }

  void add(long peerId, Role role) {
    roles.put(peerId, role);
  }

  void remove(long peerId) {
    roles.remove(peerId);
  }

  boolean isConnected(long peerId) {
    return roles.containsKey(peerId);
  }

  /** Whether there is a peer to pass pieces on to. */
  boolean isAny() {
    return !roles.isEmpty();
  }

  /** What pieces from this peer are counted as. */
  Source sourceOf(long peerId) {
    return roles.get(peerId) == Role.WARMUP ? Source.WARMUP : Source.PEER;
  }
}
