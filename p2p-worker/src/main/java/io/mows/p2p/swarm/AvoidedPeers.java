// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.SwarmState;
import java.util.HashMap;
import java.util.Map;

/** Peers that are left alone for a while: they could not be reached, or have enough neighbours. */
final class AvoidedPeers {
  private final SwarmState swarm;
  private final Map<Long, Long> deadUntilNs = new HashMap<>();
  private final Map<Long, Long> fullUntilNs = new HashMap<>();

  AvoidedPeers(SwarmState swarm) {
    this.swarm = swarm;
  }

  void lost(long peerId, boolean isDead, long untilNs) {
    (isDead ? deadUntilNs : fullUntilNs).put(peerId, untilNs);
  }

  void reached(long peerId) {
    deadUntilNs.remove(peerId);
  }

  /** Gives those another chance that were avoided for long enough; returns true if there were. */
  boolean forget(long nowNs) {
    boolean dead = deadUntilNs.values().removeIf(untilNs -> untilNs - nowNs <= 0);
    boolean full = fullUntilNs.values().removeIf(untilNs -> untilNs - nowNs <= 0);
    return dead || full;
  }

  /** Whether nothing is to be had from {@code peerId}, whatever it is said to have. */
  boolean isUseless(long peerId, long nowNs) {
    return isWithin(deadUntilNs.get(peerId), nowNs)
        || swarm.connections().isSilent(peerId)
        || swarm.strikes().isQuarantined(peerId, nowNs);
  }

  /** Whether not to connect with {@code peerId}, nor to count on it. */
  boolean contains(long peerId, long nowNs) {
    return isWithin(deadUntilNs.get(peerId), nowNs)
        || swarm.connections().isSilent(peerId)
        || isWithin(fullUntilNs.get(peerId), nowNs);
  }

  private static boolean isWithin(Long untilNs, long nowNs) {
    return untilNs != null && untilNs - nowNs > 0;
  }
}
