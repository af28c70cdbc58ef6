// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

/** Where the model comes from, and how the engine reads it. */
enum EngineVariant {
  MOWS("mows", "MoWS, load format mows", ScaleoutVariant.MOWS, "mows"),
  MOWS_AUTO("mows-auto", "MoWS, auto", ScaleoutVariant.MOWS, "auto"),
  /** The engine reads each shard in order and does not map it: what suits stock best. */
  STOCK_EAGER("stock-eager", "stock, direct_io, eager", ScaleoutVariant.STOCK, "eager"),
  /** The engine maps each shard, as it does by default; last on its nodes, since it may not end. */
  STOCK("stock", "stock, direct_io, auto", ScaleoutVariant.STOCK, "auto"),
  /** All of the model is copied to the node's disk before the engine starts. */
  COPY("copy", "copy to disk, then auto", ScaleoutVariant.DOWNLOAD, "auto");

  private final String flag;
  private final String title;
  private final ScaleoutVariant cluster;
  private final String way;

  EngineVariant(String flag, String title, ScaleoutVariant cluster, String way) {
    this.flag = flag;
    this.title = title;
    this.cluster = cluster;
    this.way = way;
  }

  /** The variant's name on the command line. */
  String flag() {
    return flag;
  }

  /** The variant's name in tables. */
  String title() {
    return title;
  }

  /** What runs on the nodes. */
  ScaleoutVariant cluster() {
    return cluster;
  }

  /** What the script is told. */
  String way() {
    return way;
  }

  /**
   * Whether it may be given up, which is a result then: mapped, stock reads a cold model from the
   * origin dozens of times.
   */
  boolean mayBeGivenUp() {
    return this == STOCK;
  }

  /** Whether a case says something that no other does, with so many nodes that start at once. */
  boolean has(EngineCase which, int nodes) {
    if (this != COPY || which == EngineCase.COLD) {
      return nodes >= which.minNodes();
    }
    // Nobody takes anything from another node, and what was copied is a plain directory.
    return which == EngineCase.COLD_ALL && nodes >= which.minNodes();
  }
}
