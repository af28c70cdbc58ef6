// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.swarm.SwarmLoad;
import io.mows.p2p.swarm.state.SwarmSettings;

/** What must hold at any time; an {@link AssertionError} says what does not, and the seed. */
final class Invariants {
  private static final long WATCHDOG_NS = Scenario.ms(60_000);

  private final SimWorld world;
  private final SwarmSettings settings;
  private long lastProgressNs;

  Invariants(SimWorld world) {
    this.world = world;
    this.settings = world.scenario.settings;
  }

  /** After every decision of {@code node}: caps and memory. */
  void check(SimNode node) {
    SwarmLoad load = node.core.load();
    atMost(node, "uploads", load.uploads(), settings.uploadSlots());
    atMost(node, "deferredRequests", load.deferredRequests(), settings.deferredRequests());
    // What is asked for and may be refused, a reader's piece and two hedges come on top.
    atMost(node, "downloads", load.downloads(), 2 * settings.downloadSlots() + 4);
    atMost(
        node, "neighbours", load.neighbours(), settings.maxConnections(world.scenario.nodes + 64));
    atMost(node, "origin reads", load.originReads(), Math.max(16, node.widest()) + 1);
  }

  private void atMost(SimNode node, String what, int value, int limit) {
    if (value > limit) {
      throw new AssertionError(
          "Node " + node + " has " + value + " " + what + " of at most " + limit + "; " + world);
    }
  }

  void served(SimNode node, int piece) {
    if (!node.have.get(piece)) {
      throw new AssertionError("Node " + node + " serves piece " + piece + " without having it");
    }
  }

  void accepted(SimNode node, int piece, boolean good) {
    if (!good) {
      throw new AssertionError("Node " + node + " accepted wrong bytes as piece " + piece);
    }
    if (node.have.get(piece)) {
      throw new AssertionError("Node " + node + " got piece " + piece + " twice");
    }
    lastProgressNs = world.nowNs();
  }

  /** After every event: somebody gets something as long as anybody lacks anything. */
  void watch() {
    if (world.nowNs() - lastProgressNs > WATCHDOG_NS) {
      throw new AssertionError("No progress for a minute; " + world);
    }
  }
}
