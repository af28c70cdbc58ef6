// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.MIB;
import static io.mows.it.warmup.Warmups.assertRight;
import static io.mows.it.warmup.Warmups.await;
import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.inMemory;
import static io.mows.it.warmup.Warmups.metric;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.SyntheticModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one worker of a group reads comes to the others while nobody reads. */
final class IdlePrefetchIT {
  private static final long MODEL_BYTES = 48L * MIB;

  @TempDir Path bucket;

  @Test
  void shouldFillFreeMemoryOfTheOwnGroupWithoutEvictingAnything() throws Exception {
    System.out.println("seed 51");
    SyntheticModel.write(bucket.resolve("used"), MODEL_BYTES, 2, 51);
    SyntheticModel.write(bucket.resolve("own"), MODEL_BYTES, 2, 52);
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 4)
                .property("alluxio.mows.prefetch.idle", "true")
                .workerProperty(2, Warmups.GROUP, "other")
                .workerProperty(3, "alluxio.mows.prefetch.idle", "false")
                .build())) {
      awaitPeers(cluster, 4);
      cluster.origin().admin().resetCounters();
      assertRight(cluster.worker(0), "used");
      await("the other one of the group has it", () -> inMemory(cluster.worker(1)) >= MODEL_BYTES);
      assertTrue(metric(cluster.worker(1), "BytesPrefetched") >= MODEL_BYTES);
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.1, () -> "the origin sent " + originTimes + " times the model");
      assertEquals(0, inMemory(cluster.worker(2)), "another group");
      assertEquals(0, inMemory(cluster.worker(3)), "it is switched off there");
    }
  }
}
