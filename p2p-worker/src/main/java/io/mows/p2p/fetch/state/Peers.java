// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.HashMap;
import java.util.Map;

/** The peers with which this worker is connected. For the engine's thread. */
public final class Peers {
  private final boolean isShared;
  private final Map<Long, Role> roles = new HashMap<>();

  /**
   * @param isShared whether other workers may have files as well
   */
  public Peers(boolean isShared) {
    this.isShared = isShared;
  }

  public boolean isShared() {
    return isShared;
  }

  public void add(long peerId, Role role) {
    roles.put(peerId, role);
  }

  public void remove(long peerId) {
    roles.remove(peerId);
  }

  public boolean isConnected(long peerId) {
    return roles.containsKey(peerId);
  }

  /** Whether there is a peer to pass pieces on to. */
  public boolean isAny() {
    return !roles.isEmpty();
  }

  /** What pieces from this peer are counted as. */
  public Source sourceOf(long peerId) {
    return roles.get(peerId) == Role.WARMUP ? Source.WARMUP : Source.PEER;
  }
}
