// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Locale;

/** What workers do whose processes have just started, and how fast they should be. */
enum FreshRow {
  /** One node, nobody has the model. */
  COLD_ONE("cold-1", 0, 1, 500, 256, 4, ScaleoutCluster.ONE_BLOCK, "1.15x"),
  /** Six nodes at once, nobody has the model; some blocks in each file. */
  COLD_SIX("cold-6", 0, 6, 200, 192, 3, "32MB", "1.40x, origin 1.03x, 15 s per GB"),
  /** Five nodes at once, and one whose process has run for a while has the model. */
  WARM_FIVE("warm-5", 1, 5, 200, 256, 4, ScaleoutCluster.ONE_BLOCK, "1.25x");

  private final String flag;
  private final int holders;
  private final int readers;
  private final int linkMbit;
  private final int modelMebibytes;
  private final int files;
  private final String blockBytes;
  private final String aim;

  FreshRow(
      String flag,
      int holders,
      int readers,
      int linkMbit,
      int modelMebibytes,
      int files,
      String blockBytes,
      String aim) {
    this.flag = flag;
    this.holders = holders;
    this.readers = readers;
    this.linkMbit = linkMbit;
    this.modelMebibytes = modelMebibytes;
    this.files = files;
    this.blockBytes = blockBytes;
    this.aim = aim;
  }

  /** The row's name on the command line. */
  String flag() {
    return flag;
  }

  /** The first nodes: they have the model, and are not started anew. */
  int holders() {
    return holders;
  }

  /** The nodes behind the holders. */
  int readers() {
    return readers;
  }

  int nodes() {
    return holders + readers;
  }

  /** Of each node and of the origin, in each direction. */
  long linkBitsPerSecond() {
    return linkMbit * 1_000_000L;
  }

  long modelBytes() {
    return (long) modelMebibytes << 20;
  }

  int files() {
    return files;
  }

  String blockBytes() {
    return blockBytes;
  }

  /** What the model takes on one link. */
  double boundSeconds() {
    return modelBytes() * 8.0 / linkBitsPerSecond();
  }

  /** Of what all readers read together. */
  double gigabytes() {
    return modelBytes() * readers / 1e9;
  }

  String aim() {
    return aim;
  }

  /** For people. */
  @Override
  public String toString() {
    String who =
        holders == 0
            ? readers == 1 ? "1 node, cold" : readers + " nodes at once, cold"
            : readers + " nodes at once from 1 that has it";
    return String.format(
        Locale.ROOT, "%s, %d Mbit/s, %d MiB in %d files", who, linkMbit, modelMebibytes, files);
  }
}
