// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.MIB;
import static io.mows.it.warmup.Warmups.assertRight;
import static io.mows.it.warmup.Warmups.await;
import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.inMemory;
import static io.mows.it.warmup.Warmups.json;
import static io.mows.it.warmup.Warmups.metric;
import static io.mows.it.warmup.Warmups.warmup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that no worker can hold alone, on the workers of one group. Who leaves and comes back is
 * the host of the locator: its directory begins anew both times, and the others are in the second
 * one some seconds later than the worker that joins.
 */
final class BalanceIT {
  private static final int WORKERS = 4;

  private static final long MEMORY_BYTES = 96L * MIB;
  private static final long MODEL_BYTES = 160L * MIB;

  @TempDir Path bucket;

  private ClusterConfig.Builder config() throws IOException {
    return Warmups.config(bucket, WORKERS)
        .ramdiskBytes(MEMORY_BYTES)
        .property("alluxio.user.block.size.bytes.default", "4MB");
  }

  @Test
  void shouldHoldTheModelTogetherWhoeverReadsItAndWhoeverJoins() throws Exception {
    System.out.println("seed 41");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 5, 41);
    try (LocalCluster cluster = LocalCluster.start(config().build())) {
      awaitPeers(cluster, WORKERS);
      int joiner = host(cluster);
      cluster.worker(joiner).stop();
      awaitPeers(cluster, WORKERS - 1);
      cluster.origin().admin().resetCounters();
      CliResult done = warmup(cluster, "/model", "--group", "default", "--wait");
      assertEquals(0, done.exitCode(), done::toString);
      String id = json(warmup(cluster, "--list", "--json")).at("/jobs/0/id").asText();
      assertBalanced(json(warmup(cluster, "--progress", id, "--json")));

      for (int reader = 0; reader < WORKERS; reader++) {
        if (reader != joiner) {
          assertRight(cluster.worker(reader), "model");
          assertTrue(inMemory(cluster.worker(reader)) <= MEMORY_BYTES);
        }
      }
      CliResult after = warmup(cluster, "--progress", id);
      assertEquals(0, after.exitCode(), after::toString);
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.05, () -> "the origin sent " + originTimes + " times the model");

      cluster.worker(joiner).restart();
      await(
          "the new worker takes its share",
          () -> {
            CliResult shown = warmup(cluster, "--progress", id, "--json");
            return shown.exitCode() == 0 && json(shown).path("workers").size() == WORKERS;
          });
      assertBalanced(json(warmup(cluster, "--progress", id, "--json")));
      double all = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(all <= 1.1, () -> "the origin sent " + all + " times the model");
      long held = inMemory(cluster.worker(joiner));
      assertTrue(held <= MODEL_BYTES * 1.3 / WORKERS, () -> "more than its share: " + held);
    }
  }

  /** They start together, and each knows of itself first. */
  @Test
  void shouldPreloadOneCopyIntoTheWarmupWorkersTogether() throws Exception {
    System.out.println("seed 42");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 5, 42);
    try (LocalCluster cluster =
        LocalCluster.start(
            config()
                .property(Warmups.ROLE, "warmup")
                .property("alluxio.mows.preload", "/model")
                .build())) {
      awaitPeers(cluster, WORKERS);
      long[] held = new long[WORKERS];
      await(
          "all of it is preloaded",
          () -> {
            long missing = 0;
            for (int worker = 0; worker < WORKERS; worker++) {
              missing += metric(cluster.worker(worker), "PreloadMissingBytes");
              held[worker] = inMemory(cluster.worker(worker));
            }
            return missing == 0;
          });
      long all = LongStream.of(held).sum();
      assertTrue(
          all >= MODEL_BYTES && all <= 1.3 * MODEL_BYTES,
          () -> "they hold " + Arrays.toString(held));
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.05, () -> "the origin sent " + originTimes + " times the model");
    }
  }

  /** The index of the worker that hosts the locator, as its log says last. */
  private static int host(LocalCluster cluster) throws Exception {
    for (int worker = 0; worker < cluster.workers(); worker++) {
      String last = "";
      for (String line : Files.readAllLines(cluster.worker(worker).log())) {
        last = line.contains("The locator is at") ? line : last;
      }
      if (last.endsWith(", this worker")) {
        return worker;
      }
    }
    throw new AssertionError("no worker says that it hosts the locator");
  }

  private static void assertBalanced(JsonNode progress) {
    double most = 0;
    double sum = 0;
    int workers = progress.path("workers").size();
    for (JsonNode worker : progress.path("workers")) {
      most = Math.max(most, worker.path("presentBytes").asDouble());
      sum += worker.path("presentBytes").asDouble();
    }
    assertTrue(most / (sum / workers) <= 1.2, progress::toPrettyString);
  }
}
