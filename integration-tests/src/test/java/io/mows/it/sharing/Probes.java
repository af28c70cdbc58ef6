// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files that show whether workers share already: each is read once. */
final class Probes {
  private static final int PROBES = 2000;
  private static final int PROBE_BYTES = 64 << 10;
  private static final long PATIENCE_NS = 60_000_000_000L;

  private Probes() {}

  static void write(Path bucket) throws IOException {
    Files.createDirectories(bucket.resolve("probes"));
    for (int probe = 0; probe < PROBES; probe++) {
      Files.write(bucket.resolve("probes/" + probe), new byte[PROBE_BYTES]);
    }
  }

  /**
   * Workers that have just started do not know each other yet. Reads probes on the first worker and
   * then on another, until each of the first {@code workers} but that one got bytes from a peer.
   */
  static void awaitSharing(LocalCluster cluster, int workers) throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    int probe = 0;
    for (int i = 1; i < workers; i++) {
      while (!sharesAfter(cluster, i, "probes/" + probe)) {
        probe++;
        if (System.nanoTime() - deadlineNs > 0) {
          throw new AssertionError(
              "Worker " + i + " got nothing from a peer, " + probe + " probes");
        }
        Thread.sleep(50);
      }
      probe++;
    }
  }

  private static boolean sharesAfter(LocalCluster cluster, int worker, String probe)
      throws IOException {
    Files.readAllBytes(cluster.worker(0).mountPoint().resolve(probe));
    WorkerNode other = cluster.worker(worker);
    Files.readAllBytes(other.mountPoint().resolve(probe));
    return fromPeers(other) > 0;
  }

  static long fromPeers(WorkerNode worker) throws IOException {
    return worker.metrics().value("Worker.MowsBytesFromPeers");
  }
}
