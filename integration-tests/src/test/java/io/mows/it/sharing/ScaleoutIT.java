// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three workers without any MoWS setting that want the same model at the same moment. */
final class ScaleoutIT {
  private static final int WORKERS = 3;
  private static final long MODEL_BYTES = 48L << 20;

  /** Without sharing it is 3. How near it comes to 1 on links of a real speed, the bench shows. */
  private static final double MAX_ORIGIN_TIMES = 1.5;

  @TempDir Path bucket;

  @Test
  void shouldReadTheOriginOnceForAllWorkers() throws Exception {
    System.out.println("seed 11");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 11);
    Probes.write(bucket);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(WORKERS)
            .firstCompilerOnly(true)
            .origin(OriginConfig.serving(bucket))
            .dropInJar(Build.dropInJar())
            .jobServers(false)
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      Probes.awaitSharing(cluster, 3);
      cluster.origin().admin().resetCounters();
      for (List<CrcMismatch> wrong : Readers.verifyOnAll(cluster, "model", 3)) {
        assertEquals(List.of(), wrong);
      }
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(
          originTimes >= 1 && originTimes <= MAX_ORIGIN_TIMES,
          "the origin sent " + originTimes + " times the model");
    }
  }
}
