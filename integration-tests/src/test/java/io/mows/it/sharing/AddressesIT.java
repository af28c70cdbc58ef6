// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.SyntheticModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that others know by an address that is not a plain one; needs root. */
final class AddressesIT {
  private static final long MODEL_BYTES = 32L << 20;
  private static final long PATIENCE_NS = 90_000_000_000L;

  @TempDir Path bucket;

  /**
   * They are IPv6 literals, as {@code alluxio.worker.hostname} has them, and one worker has that of
   * a machine that is not there, as behind NAT: the others share, and it says what is wrong with
   * it.
   */
  @Test
  void shouldShareByIpv6AddressesAndFindTheOneThatIsWrong() throws Exception {
    System.out.println("seed 41");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 41);
    Probes.write(bucket);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(3)
            .firstCompilerOnly(true)
            .origin(OriginConfig.serving(bucket))
            .dropInJar(Build.dropInJar())
            .jobServers(false)
            .network(NetworkConfig.namespaces().withIpv6Workers())
            .workerProperty(2, "alluxio.worker.hostname", "198.51.100.7")
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      Probes.awaitSharing(cluster, 2);
      long before = cluster.origin().admin().stats().bytesSent();
      assertEquals(List.of(List.of(), List.of()), Readers.verifyOnAll(cluster, "model", 2));
      long sent = cluster.origin().admin().stats().bytesSent() - before;
      assertTrue(sent < 1.5 * MODEL_BYTES, () -> "the origin sent " + sent + " bytes");

      String found = awaitCheck(cluster, "does not reach another one, 198.51.100.7:29991");
      assertTrue(found.contains("reaches this worker at [fd78:"), found);
    }
  }

  private static String awaitCheck(LocalCluster cluster, String text) throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      CliResult check = cluster.worker(0).cli("fs", "mows", "check");
      if (check.output().contains(text)) {
        return check.output();
      }
      assertTrue(System.nanoTime() < deadlineNs, check::toString);
      Thread.sleep(1_000);
    }
  }
}
