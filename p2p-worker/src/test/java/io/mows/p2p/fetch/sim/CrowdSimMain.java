// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.sim.Scenario;
import io.mows.p2p.sim.SwarmSimMain;

/**
 * Prints what {@link SwarmSimMain} prints, which runs the swarm's decisions alone, and below each
 * line how a crowd of whole engines does in the same scenario. Same arguments.
 */
public final class CrowdSimMain {
  private CrowdSimMain() {}

  /** Runs the table. */
  public static void main(String[] args) {
    SwarmSimMain.run(args, CrowdSimMain::run);
  }

  private static void run(String name, Scenario scenario) {
    CrowdWorld world = new CrowdWorld(scenario);
    long[] events = new long[1];
    SwarmSimMain.print(
        "  whole engines",
        scenario,
        () -> {
          var result = world.run();
          events[0] = result.events;
          return result;
        });
    System.out.printf("    %d events, %d decisions%n", events[0], world.decisions());
  }
}
