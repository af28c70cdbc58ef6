// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import java.util.Arrays;

/** How a simulation went. */
final class SimResult {
  final double p50;
  final double p99;
  final double worst;
  final double origin;
  final double sent;
  final double originDone;
  final long messages;
  final long events;
  final long traceHash;

  SimResult(SimWorld world, long traceHash) {
    Scenario scenario = world.scenario;
    double[] overBound =
        world.nodes.stream()
            .filter(node -> node.alive && node.doneNs >= 0 && !node.hasHung)
            .mapToDouble(node -> (node.doneNs - node.joinedNs) / scenario.boundNs())
            .toArray();
    Arrays.sort(overBound);
    this.p50 = percentile(overBound, 0.5);
    this.p99 = percentile(overBound, 0.99);
    this.worst = overBound[overBound.length - 1];
    this.origin = (double) world.originBytes / scenario.fileBytes();
    this.sent = (double) world.peerBytes / scenario.fileBytes() / scenario.nodes;
    this.originDone = (world.originDoneNs - Scenario.ms(100)) / scenario.boundNs();
    this.messages = world.messages;
    this.events = world.events.count();
    this.traceHash = traceHash;
  }

  /** The smallest value that is not exceeded by that part of all. */
  private static double percentile(double[] sorted, double part) {
    return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
  }
}
