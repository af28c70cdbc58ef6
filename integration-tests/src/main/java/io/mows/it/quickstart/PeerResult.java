// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.Metrics;
import java.util.List;

/** What reading the model took on one of several workers, by its own metrics; immutable. */
final class PeerResult {
  private final double seconds;
  private final long fromOrigin;
  private final long fromPeers;
  private final long servedFromMemory;
  private final long servedInFlight;
  private final List<String> problems;

  PeerResult(
      double seconds,
      long fromOrigin,
      long fromPeers,
      long servedFromMemory,
      long servedInFlight,
      List<String> problems) {
    this.seconds = seconds;
    this.fromOrigin = fromOrigin;
    this.fromPeers = fromPeers;
    this.servedFromMemory = servedFromMemory;
    this.servedInFlight = servedInFlight;
    this.problems = List.copyOf(problems);
  }

  /**
   * @param before the worker's metrics before it read
   * @param after and after it had read
   */
  static PeerResult of(double seconds, Metrics before, Metrics after, List<String> problems) {
    return new PeerResult(
        seconds,
        since(before, after, "FromOrigin"),
        since(before, after, "FromPeers") + since(before, after, "FromWarmup"),
        since(before, after, "ServedMemory"),
        since(before, after, "ServedInFlight"),
        problems);
  }

  private static long since(Metrics before, Metrics after, String name) {
    return after.value("Worker.MowsBytes" + name) - before.value("Worker.MowsBytes" + name);
  }

  double seconds() {
    return seconds;
  }

  /** Bytes that the worker read from the origin itself. */
  long fromOrigin() {
    return fromOrigin;
  }

  /** Bytes that the worker got from other workers, warm-up workers included. */
  long fromPeers() {
    return fromPeers;
  }

  /** Bytes given to the reader out of blocks that were complete in memory. */
  long servedFromMemory() {
    return servedFromMemory;
  }

  /** Bytes given to the reader out of blocks that were still arriving. */
  long servedInFlight() {
    return servedInFlight;
  }

  /** What was wrong, such as a file with another CRC32; empty if all was well. */
  List<String> problems() {
    return problems;
  }
}
