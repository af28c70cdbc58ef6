// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.GROUP;
import static io.mows.it.warmup.Warmups.MIB;
import static io.mows.it.warmup.Warmups.ROLE;
import static io.mows.it.warmup.Warmups.assertRight;
import static io.mows.it.warmup.Warmups.await;
import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.inMemory;
import static io.mows.it.warmup.Warmups.json;
import static io.mows.it.warmup.Warmups.metric;
import static io.mows.it.warmup.Warmups.warmup;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two warm-up workers and instances of two services. */
final class WarmupIT {
  private static final long MODEL_BYTES = 96L * MIB;

  @TempDir Path bucket;

  @Test
  void shouldHoldOneCopyTogetherServeEveryGroupHealAndEvict() throws Exception {
    System.out.println("seed 21");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 3, 21);
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 5)
                .workerProperty(1, ROLE, "warmup")
                .workerProperty(2, ROLE, "warmup")
                .workerProperty(2, GROUP, "cacheroot")
                .workerProperty(4, GROUP, "other")
                .build())) {
      awaitPeers(cluster, 5);
      cluster.origin().admin().resetCounters();

      CliResult done = warmup(cluster, "/model", "--wait");
      assertEquals(0, done.exitCode(), done::toString);
      String id = json(warmup(cluster, "--list", "--json")).at("/jobs/0/id").asText();
      CliResult shown = warmup(cluster, "--progress", id, "--json");
      JsonNode progress = json(shown);
      assertEquals(0, shown.exitCode(), shown::toString);
      assertTrue(progress.path("complete").asBoolean());
      long target = progress.path("targetBytes").asLong();
      for (JsonNode worker : progress.path("workers")) {
        double share = (double) worker.path("presentBytes").asLong() / target;
        assertTrue(share >= 0.4 && share <= 0.6, progress::toPrettyString);
      }
      assertTrue(inMemory(cluster.worker(1)) + inMemory(cluster.worker(2)) >= target);
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / target;
      assertTrue(originTimes <= 1.02, () -> "the origin sent " + originTimes + " times the model");

      servesInOrder(cluster, target);

      CliResult again = warmup(cluster, "/model", "--wait");
      assertEquals(0, again.exitCode(), again::toString);
      assertEquals(1, json(warmup(cluster, "--list", "--json")).path("jobs").size());

      cluster.worker(2).kill9();
      await(
          "the other one has all of it",
          () -> {
            CliResult healed = warmup(cluster, "--progress", id, "--json");
            return healed.exitCode() == 0 && json(healed).path("workers").size() == 1;
          });
      assertTrue(inMemory(cluster.worker(1)) >= target, "worker 1 has all of it now");

      CliResult evicted = warmup(cluster, "--evict", "/model");
      assertEquals(0, evicted.exitCode(), evicted::toString);
      await("the memory is free", () -> inMemory(cluster.worker(1)) == 0);
      assertEquals(0, json(warmup(cluster, "--list", "--json")).path("jobs").size());
    }
  }

  /** Warm-up workers serve instances of every group, but these ask their own group first. */
  private static void servesInOrder(LocalCluster cluster, long modelBytes) throws Exception {
    cluster.origin().admin().resetCounters();
    assertRight(cluster.worker(0), "model");
    assertEquals(0, metric(cluster.worker(0), "BytesFromPeers"));
    long warm = metric(cluster.worker(0), "BytesFromWarmup");
    long cold = metric(cluster.worker(0), "BytesFromOrigin");
    assertTrue(
        warm >= modelBytes, () -> warm + " bytes from warm-up, " + cold + " from the origin");

    assertRight(cluster.worker(3), "model");
    long fromGroup = metric(cluster.worker(3), "BytesFromPeers");
    long fromWarmup = metric(cluster.worker(3), "BytesFromWarmup");
    assertTrue(
        fromGroup > modelBytes / 2 && fromGroup > fromWarmup,
        () -> fromGroup + " bytes from the group, " + fromWarmup + " from the warm-up group");

    assertRight(cluster.worker(4), "model");
    assertEquals(0, metric(cluster.worker(4), "BytesFromPeers"), "from another group");
    assertTrue(metric(cluster.worker(4), "BytesFromWarmup") >= modelBytes);

    long fromOrigin = cluster.origin().admin().stats().bytesSent();
    assertTrue(
        fromOrigin < modelBytes / 50, () -> "the origin sent " + fromOrigin + " bytes again");
  }

  @Test
  void shouldPreloadAndServeMeanwhileAndTellTheTruth() throws Exception {
    System.out.println("seed 22");
    SyntheticModel.write(bucket.resolve("models/one"), 48L * MIB, 2, 22);
    SyntheticModel.write(bucket.resolve("models/two"), 16L * MIB, 1, 23);
    SyntheticModel.write(bucket.resolve("rest"), 8L * MIB, 1, 24);
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 2)
                .property("alluxio.mows.paths", "/models")
                .workerProperty(0, "alluxio.mows.preload", "/")
                .build())) {
      assertRight(cluster.worker(0), "models/two");
      await(
          "the preload",
          () ->
              inMemory(cluster.worker(0)) >= 64L * MIB
                  && metric(cluster.worker(0), "PreloadMissingBytes") == 0);
      assertTrue(inMemory(cluster.worker(0)) < 72L * MIB, "more than was asked for");

      CliResult none = warmup(cluster, "/models/one");
      assertEquals(1, none.exitCode(), none::toString);
      assertTrue(none.output().contains("role warmup"), none::toString);
      CliResult outside = warmup(cluster, "/rest", "--all");
      assertEquals(1, outside.exitCode(), outside::toString);
      assertTrue(outside.output().contains("alluxio.mows.paths"), outside::toString);

      awaitPeers(cluster, 2);
      cluster.origin().admin().resetCounters();
      long startNs = System.nanoTime();
      long before = inMemory(cluster.worker(1));
      CliResult slow =
          warmup(cluster, "/models/one", "--all", "--replicas", "all", "--bandwidth", "4MB");
      assertEquals(0, slow.exitCode(), slow::toString);
      String id = json(warmup(cluster, "--list", "--json")).at("/jobs/0/id").asText();
      CliResult underWay = warmup(cluster, "--progress", id, "--json");
      assertEquals(2, underWay.exitCode(), underWay::toString);
      assertFalse(json(underWay).path("complete").asBoolean());
      long loaded = inMemory(cluster.worker(1)) - before;
      double seconds = (System.nanoTime() - startNs) / 1e9;
      // The last piece may be here before its time.
      assertTrue(
          loaded <= 4.0 * MIB * (seconds + 1), () -> loaded + " bytes after " + seconds + " s");

      assertEquals(0, warmup(cluster, "--stop", id).exitCode());
      await("it stops", () -> metric(cluster.worker(1), "FetchesInFlight") == 0);
      long stopped = inMemory(cluster.worker(1));
      assertTrue(stopped < 48L * MIB, "it was not stopped");
      Thread.sleep(2_000);
      assertEquals(stopped, inMemory(cluster.worker(1)), "it goes on");

      CliResult fast =
          warmup(cluster, "/models/one", "--all", "--replicas", "all", "--pin", "--wait");
      assertEquals(0, fast.exitCode(), fast::toString);
      assertTrue(fast.output().contains("100.0 %"), fast::toString);
      assertTrue(inMemory(cluster.worker(1)) >= 48L * MIB);
      long fromOrigin = cluster.origin().admin().stats().bytesSent();
      assertTrue(fromOrigin < 8L * MIB, () -> "the origin sent " + fromOrigin + " bytes");
    }
  }

  @Test
  void shouldKeepWhatIsPinnedWhenMemoryIsShort() throws Exception {
    System.out.println("seed 25");
    List<String> others = List.of("b", "c", "d");
    SyntheticModel.write(bucket.resolve("pinned"), 48L * MIB, 2, 25);
    for (String other : others) {
      SyntheticModel.write(bucket.resolve(other), 48L * MIB, 2, 26);
    }
    try (LocalCluster cluster =
        LocalCluster.start(Warmups.config(bucket, 1).ramdiskBytes(160L * MIB).build())) {
      CliResult pinned = warmup(cluster, "/pinned", "--all", "--pin", "--wait");
      assertEquals(0, pinned.exitCode(), pinned::toString);
      for (int round = 0; round < 2; round++) {
        for (String other : others) {
          assertRight(cluster.worker(0), other);
        }
      }
      cluster.origin().admin().resetCounters();
      assertRight(cluster.worker(0), "pinned");
      assertEquals(0, weightsSent(cluster, "pinned"), "it had been evicted");
      assertEquals(2, weightsInMemory(cluster, "pinned").size());

      CliResult evicted = warmup(cluster, "--evict", "/pinned");
      assertEquals(0, evicted.exitCode(), evicted::toString);
      // Not the worker's bytes: what there was no room for may come after it.
      await("nothing of it is in memory", () -> weightsInMemory(cluster, "pinned").isEmpty());
    }
  }

  /** The lines of {@code fs ls} whose files Alluxio has a part of. */
  private static List<String> weightsInMemory(LocalCluster cluster, String model)
      throws IOException {
    CliResult files = cluster.cli("fs", "ls", "-R", "/" + model);
    assertTrue(files.succeeded(), files::toString);
    List<String> weights =
        files.output().lines().filter(l -> l.endsWith(".safetensors")).collect(toList());
    assertEquals(2, weights.size(), files::toString);
    return weights.stream().filter(line -> !line.contains(" 0% ")).collect(toList());
  }

  private static long weightsSent(LocalCluster cluster, String model) throws IOException {
    return cluster
        .origin()
        .admin()
        .stats()
        .bytesSent(key -> key.startsWith(model + "/") && key.endsWith(".safetensors"));
  }
}
