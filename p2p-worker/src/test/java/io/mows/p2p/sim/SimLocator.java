// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.swarm.SwarmMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The directory as a worker sees it: answers after a delay, forgets the dead after a lease. */
final class SimLocator {
  private final EventQueue events;
  private final Scenario scenario;
  private final Map<Long, SwarmMember> members = new LinkedHashMap<>();
  private List<SwarmMember> snapshot;

  SimLocator(EventQueue events, Scenario scenario) {
    this.events = events;
    this.scenario = scenario;
  }

  /** Enters or updates {@code member}, and answers with all members; no answer in an outage. */
  void announce(SwarmMember member, Consumer<List<SwarmMember>> answer) {
    events.after(
        scenario.locatorDelayNs,
        () -> {
          if (isDown()) {
            return;
          }
          SwarmMember old = members.put(member.peerId(), member);
          if (old == null || old.isComplete() != member.isComplete()) {
            snapshot = null;
          }
          if (snapshot == null) {
            snapshot = List.copyOf(new ArrayList<>(members.values()));
          }
          List<SwarmMember> now = snapshot;
          events.after(scenario.latencyNs, () -> answer.accept(now));
        });
  }

  /** The peer says nothing any more; its lease runs out. */
  void silent(long peerId) {
    events.after(
        scenario.locatorLeaseNs,
        () -> {
          members.remove(peerId);
          snapshot = null;
        });
  }

  private boolean isDown() {
    return events.nowNs() >= scenario.outageFromNs && events.nowNs() < scenario.outageToNs;
  }
}
