// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the nodes do in one row of the table, and what MoWS has to reach there. */
enum ScaleoutCase {
  /** All read a model that no node has. */
  COLD("cold", 1, 1.35, 1.05, 4, 8),
  /** One node has the model, all others read it. */
  WARM("warm", 2, 1.3, 0.02, 8),
  /** {@link #COLD} with an origin whose link is slower than a node's. */
  SLOW_ORIGIN("slow-origin", 1, 1.25, Double.POSITIVE_INFINITY, 8),
  /** {@link #COLD}, and two workers are killed half-way. */
  CRASH("crash", 3, 1.8, 1.3, 8),
  /** All download the model into their own memory, without Alluxio. */
  DOWNLOAD("download", 1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** How many workers are killed in {@link #CRASH}. */
  static final int KILLED = 2;

  private final String flag;
  private final int minNodes;
  private final double maxTimes;
  private final double maxOrigin;
  private final ImmutableList<Integer> setFor;

  /**
   * @param maxTimes of the slowest node, as a multiple of the bound
   * @param maxOrigin bytes from the origin, as a multiple of the model
   * @param setFor the numbers of nodes for which the bar is set
   */
  ScaleoutCase(String flag, int minNodes, double maxTimes, double maxOrigin, Integer... setFor) {
    this.flag = flag;
    this.minNodes = minNodes;
    this.maxTimes = maxTimes;
    this.maxOrigin = maxOrigin;
    this.setFor = ImmutableList.copyOf(setFor);
  }

  /** The case's name on the command line, and of its model in the bucket. */
  String flag() {
    return flag;
  }

  /** With fewer nodes the case means nothing. */
  int minNodes() {
    return minNodes;
  }

  /** Whether the bar holds for this number of nodes. */
  boolean isSetFor(int nodes) {
    return setFor.contains(nodes);
  }

  boolean isReached(double times, double origin) {
    return times <= maxTimes && origin <= maxOrigin;
  }

  /** The bar for people; empty if there is none. */
  String bar() {
    if (Double.isInfinite(maxTimes)) {
      return "";
    }
    String origin =
        Double.isInfinite(maxOrigin) ? "" : String.format(Locale.ROOT, ", origin %.2fx", maxOrigin);
    String nodes = setFor.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    return String.format(Locale.ROOT, "at most %.2fx%s (set for N = %s)", maxTimes, origin, nodes);
  }
}
