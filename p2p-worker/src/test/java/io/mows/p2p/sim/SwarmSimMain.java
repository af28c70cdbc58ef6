// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

/** Prints the table of completion times and origin bytes for swarms of 2 to 1,000 peers. */
public final class SwarmSimMain {
  private SwarmSimMain() {}

  public static void main(String[] args) {
    int pieces = args.length > 0 ? Integer.parseInt(args[0]) : 64;
    String only = args.length > 1 ? args[1] : "";
    int max = args.length > 2 ? Integer.parseInt(args[2]) : 1000;
    System.out.printf(
        "%-28s %5s %6s %6s %6s %7s %6s %6s %9s %7s%n",
        "scenario", "N", "p50", "p99", "max", "origin", "sent", "odone", "messages", "CPU s");
    for (String name : new String[] {"cold", "cold, slow origin", "staggered", "one holder",
        "one holder, slow origin", "crashes", "readers", "faults"}) {
      for (int nodes : new int[] {2, 4, 8, 16, 64, 256, 1000}) {
        if (name.contains(only) && nodes <= max) {
          run(name, nodes, pieces);
        }
      }
    }
  }

  private static void run(String name, int nodes, int pieces) {
    Scenario scenario = new Scenario();
    scenario.nodes = nodes;
    scenario.pieces = pieces;
    scenario.pieceBytes = (int) ((256L << 20) / pieces);
    scenario.seed = nodes;
    if (name.contains("slow origin")) {
      scenario.originFactor = 0.35;
    }
    if (name.contains("staggered")) {
      scenario.startSpreadNs = (long) scenario.linkNs();
    }
    if (name.contains("one holder")) {
      scenario.holders = 1;
    }
    if (name.contains("crashes")) {
      scenario.crashShare = 0.05;
    }
    if (name.contains("readers")) {
      scenario.readers = true;
    }
    if (name.contains("faults")) {
      scenario.crashShare = 0.05;
      scenario.slowShare = 0.05;
      scenario.corruptShare = 0.05;
      scenario.lossRate = 0.01;
      scenario.originFailureRate = 0.02;
    }
    scenario.settings = new io.mows.p2p.swarm.SwarmSettings.Builder()
        .uploadSlots(Integer.getInteger("U", 3)).downloadSlots(Integer.getInteger("D", 3))
        .degree(Integer.getInteger("deg", 8)).allToAll(Integer.getInteger("all", 16))
        .owners(Integer.getInteger("K", 4)).minSwarmReads(Integer.getInteger("W", 4)).build();
    long startNs = System.nanoTime();
    SimResult r = new SimWorld(scenario).run();
    System.out.printf(
        "%-28s %5d %6.2f %6.2f %6.2f %7.3f %6.3f %6.2f %9d %7.1f%n",
        name, nodes, r.p50, r.p99, r.worst, r.origin, r.sent, r.originDone, r.messages,
        (System.nanoTime() - startNs) / 1e9);
  }
}
