// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Metrics;
import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.util.Locale;

/** Where a worker's bytes came from, by its own metrics; zeros for a stock worker. Immutable. */
final class NodeBytes {
  private final long origin;
  private final long peers;
  private final long warmup;

  private NodeBytes(long origin, long peers, long warmup) {
    this.origin = origin;
    this.peers = peers;
    this.warmup = warmup;
  }

  /** Since the worker started. */
  static NodeBytes of(WorkerNode worker) throws IOException {
    Metrics metrics = worker.metrics();
    return new NodeBytes(
        metrics.value("Worker.MowsBytesFromOrigin"),
        metrics.value("Worker.MowsBytesFromPeers"),
        metrics.value("Worker.MowsBytesFromWarmup"));
  }

  /** Since an earlier moment. */
  NodeBytes since(NodeBytes earlier) {
    return new NodeBytes(origin - earlier.origin, peers - earlier.peers, warmup - earlier.warmup);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.1f MiB from the origin, %.1f from peers, %.1f from the warm-up group",
        mebibytes(origin),
        mebibytes(peers),
        mebibytes(warmup));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
