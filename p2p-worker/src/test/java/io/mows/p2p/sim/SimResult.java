// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import java.util.Arrays;

/** How a simulation went. */
public final class SimResult {
  public final double p50;
  public final double p99;
  public final double worst;
  public final double origin;
  public final double sent;
  public final double originDone;
  public final long messages;
  public final long events;
  public final long traceHash;

  SimResult(SimWorld world, long traceHash) {
    this(
        world.scenario,
        world.nodes.stream()
            .filter(node -> node.alive && node.doneNs >= 0 && !node.hasHung)
            .mapToLong(node -> node.doneNs - node.joinedNs)
            .toArray(),
        world.originBytes,
        world.peerBytes,
        world.originDoneNs - Scenario.ms(100),
        world.messages,
        world.events.count(),
        traceHash);
  }

  /**
   * @param tookNs how long each node took that was to get the file, and lives
   * @param originDoneNs when the origin was last read, from the start on
   */
  public SimResult(
      Scenario scenario,
      long[] tookNs,
      long originBytes,
      long peerBytes,
      long originDoneNs,
      long messages,
      long events,
      long traceHash) {
    double[] overBound =
        Arrays.stream(tookNs).mapToDouble(ns -> ns / scenario.boundNs()).sorted().toArray();
    this.p50 = percentile(overBound, 0.5);
    this.p99 = percentile(overBound, 0.99);
    this.worst = overBound[overBound.length - 1];
    this.origin = (double) originBytes / scenario.fileBytes();
    this.sent = (double) peerBytes / scenario.fileBytes() / scenario.nodes;
    this.originDone = originDoneNs / scenario.boundNs();
    this.messages = messages;
    this.events = events;
    this.traceHash = traceHash;
  }

  /** The smallest value that is not exceeded by that part of all. */
  private static double percentile(double[] sorted, double part) {
    return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
  }
}
