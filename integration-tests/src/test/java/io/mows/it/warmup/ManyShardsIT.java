// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.warmup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.OriginStats;
import io.mows.it.origin.RequestKind;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model of many small files, at an origin that takes its time for each answer. {@code
 * -Dmows.it.shards=1433} measures what it prints.
 */
final class ManyShardsIT {
  private static final int SHARDS = Integer.getInteger("mows.it.shards", 300);
  private static final int SHARD_BYTES = 16 << 10;
  private static final long ANSWER_MS = 50;

  @TempDir Path bucket;

  private void writeModel(String name) throws IOException {
    Path model = Files.createDirectories(bucket.resolve(name));
    byte[] bytes = new byte[SHARD_BYTES];
    Random random = new Random(7);
    for (int i = 0; i < SHARDS; i++) {
      random.nextBytes(bytes);
      Files.write(model.resolve(String.format("model-%05d-of-%05d.bin", i + 1, SHARDS)), bytes);
    }
  }

  @Test
  void shouldAskTheOriginAboutOncePerFile() throws Exception {
    writeModel("first");
    writeModel("model");
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 1).workerProperty(0, Warmups.ROLE, "warmup").build())) {
      awaitPeers(cluster, 1);
      CliResult first = warmup(cluster, "/first", "--wait");
      assertEquals(0, first.exitCode(), first::toString);
      assertTrue(cluster.cli("fs", "ls", "/model").succeeded());
      cluster.origin().admin().setShaping(Shaping.unshaped().withFirstByteDelayMs(ANSWER_MS));
      cluster.origin().admin().resetCounters();
      long startNs = System.nanoTime();
      CliResult done = warmup(cluster, "/model", "--wait");
      double seconds = (System.nanoTime() - startNs) / 1e9;
      assertEquals(0, done.exitCode(), done::toString);
      OriginStats stats = cluster.origin().admin().stats();
      double heads = (double) stats.requests(RequestKind.HEAD) / SHARDS;
      System.out.printf(
          "%d files in %.1f s (with the command's own time) = %.0f a second; %.2f HEADs and %.2f GETs"
              + " a file%n",
          SHARDS, seconds, SHARDS / seconds, heads, (double) stats.requests(RequestKind.GET) / SHARDS);
      System.out.println(done.output());
      assertTrue(heads <= 1.5, heads + " HEADs a file");
    }
  }
}
