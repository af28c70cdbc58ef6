// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.state.HonestAnswers;
import io.mows.p2p.peer.PeerRelation;
import io.mows.p2p.swarm.message.SwarmMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The directory as a worker sees it: answers after a delay, tells each asker of no more peers than
 * the real one does, forgets the dead after a lease.
 */
final class SimLocator {
  private final EventQueue events;
  private final Scenario scenario;
  private final HonestAnswers answers = new HonestAnswers(SimNode.FILE);

  SimLocator(EventQueue events, Scenario scenario) {
    this.events = events;
    this.scenario = scenario;
  }

  /** Enters or updates {@code peer}, and answers whom it is to know; no answer in an outage. */
  void announce(PeerInfo peer, Coverage coverage, Consumer<List<SwarmMember>> answer) {
    events.after(
        scenario.locatorDelayNs,
        () -> {
          if (isDown()) {
            return;
          }
          answers.put(peer, coverage);
          List<SwarmMember> members = members(peer);
          events.after(scenario.latencyNs, () -> answer.accept(members));
        });
  }

  /** As a worker takes it in. */
  private List<SwarmMember> members(PeerInfo asker) {
    Map<Long, SwarmMember> members = new LinkedHashMap<>();
    answers
        .tell(asker)
        .forEach(
            holder -> {
              PeerInfo peer = holder.peer();
              Coverage coverage = holder.coverage();
              PeerRelation.of(asker, peer.group(), peer.role())
                  .ifPresent(
                      role ->
                          members.put(
                              peer.idHash(),
                              new SwarmMember(
                                  peer.idHash(),
                                  role,
                                  coverage.isComplete(),
                                  coverage.isPartial(),
                                  coverage.isFetching())));
            });
    return new ArrayList<>(members.values());
  }

  /** The peer says nothing any more; its lease runs out. */
  void silent(PeerInfo peer) {
    events.after(scenario.locatorLeaseNs, () -> answers.remove(peer));
  }

  private boolean isDown() {
    return events.nowNs() >= scenario.outageFromNs && events.nowNs() < scenario.outageToNs;
  }
}
