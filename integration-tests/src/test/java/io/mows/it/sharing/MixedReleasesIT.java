// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling upgrade: a worker of an older release beside those of this one. Only with {@code
 * -Dmows.it.older.jar=FILE}, the drop-in jar of the older release: this build has but its own. What
 * is from before clusters had an identity (ADR 14) shares with its like only.
 */
final class MixedReleasesIT {
  private static final long MODEL_BYTES = 48L << 20;
  private static final double MAX_ORIGIN_TIMES = 1.5;
  private static final int OLDER = 0;

  @TempDir Path bucket;

  @Test
  void shouldShareInBothDirections() throws Exception {
    String older = System.getProperty("mows.it.older.jar", "");
    assumeTrue(!older.isEmpty(), "-Dmows.it.older.jar names no jar of an older release");
    SyntheticModel.write(bucket.resolve("from-older"), MODEL_BYTES, 2, 51);
    SyntheticModel.write(bucket.resolve("from-newer"), MODEL_BYTES, 2, 52);
    SyntheticModel.write(bucket.resolve("at-once"), MODEL_BYTES, 2, 53);
    Probes.write(bucket);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(3)
            .firstCompilerOnly(true)
            .origin(OriginConfig.serving(bucket))
            .dropInJar(Build.dropInJar())
            .workerJar(OLDER, Path.of(older))
            .jobServers(false)
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      Probes.awaitSharing(cluster, 3);
      assertOriginOnce(
          cluster,
          "the older one has it",
          () -> {
            Readers.verifyOn(cluster, "from-older", OLDER);
            return Readers.verifyOn(cluster, "from-older", 1, 2);
          });
      assertOriginOnce(
          cluster,
          "a newer one has it",
          () -> {
            Readers.verifyOn(cluster, "from-newer", 1);
            return Readers.verifyOn(cluster, "from-newer", OLDER, 2);
          });
      assertOriginOnce(cluster, "all at once", () -> Readers.verifyOnAll(cluster, "at-once", 3));
    }
  }

  private static void assertOriginOnce(
      LocalCluster cluster, String what, Callable<List<List<CrcMismatch>>> reads) throws Exception {
    cluster.origin().admin().resetCounters();
    reads.call().forEach(wrong -> assertEquals(List.of(), wrong));
    double times = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
    System.out.printf("%s: the origin sent %.2f times the model%n", what, times);
    assertTrue(
        times <= MAX_ORIGIN_TIMES, () -> what + ": the origin sent " + times + " times the model");
  }
}
