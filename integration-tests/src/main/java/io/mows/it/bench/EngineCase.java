// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Locale;

/** Who has the model, and how many nodes start. */
enum EngineCase {
  /** One node starts, nobody has the model. */
  COLD("cold", 1, 3.1, 1),
  /** All start at once, nobody has the model. */
  COLD_ALL("cold-all", 2, 3.1, 3),
  /** All start at once, and one more node has the model. */
  SCALE_OUT("scale-out", 1, 3.6, 3),
  /** One node starts that has the model. */
  WARM("warm", 1, 0, 0);

  private final String flag;
  private final int minNodes;
  private final double aim;
  private final int nodesOfAim;

  /**
   * @param minNodes with fewer the case is no other than {@link #COLD}
   * @param aim how many times faster than stock; 0: none is set
   * @param nodesOfAim the least number of nodes for which that is the aim
   */
  EngineCase(String flag, int minNodes, double aim, int nodesOfAim) {
    this.flag = flag;
    this.minNodes = minNodes;
    this.aim = aim;
    this.nodesOfAim = nodesOfAim;
  }

  /** The case's name on the command line. */
  String flag() {
    return flag;
  }

  int minNodes() {
    return minNodes;
  }

  /** How many of {@code nodes} start. */
  int starters(int nodes) {
    return this == COLD || this == WARM ? 1 : nodes;
  }

  /** The case for people. */
  String title(int nodes) {
    switch (this) {
      case COLD:
        return "cold, 1 node";
      case COLD_ALL:
        return "cold, " + nodes + " at once";
      case SCALE_OUT:
        return "scale-out, 1 has it, " + nodes + (nodes == 1 ? " starts" : " start at once");
      case WARM:
        return "warm, 1 node";
    }
    throw new AssertionError(this);
  }

  /** The least number of nodes for which {@link #aim} is set. */
  int nodesOfAim() {
    return nodesOfAim;
  }

  /** How much faster than stock MoWS is to be, for people. */
  String aim() {
    return aim == 0 ? "-" : String.format(Locale.ROOT, "%.1f times", aim);
  }
}
