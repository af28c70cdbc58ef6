// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.MIB;
import static io.mows.it.warmup.Warmups.assertRight;
import static io.mows.it.warmup.Warmups.await;
import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.inMemory;
import static io.mows.it.warmup.Warmups.metric;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.SyntheticModel;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alluxio's own load commands on workers with the jar. */
final class LoadCommandsIT {
  private static final long MODEL_BYTES = 64L * MIB;

  @TempDir Path bucket;

  private ClusterConfig.Builder config(int workers) throws IOException {
    return Warmups.config(bucket, workers)
        // The scheduler of loads looks for workers once in that time.
        .property("alluxio.master.worker.info.cache.refresh.time", "1sec")
        // By default a worker is given 20 blocks at a time: all of this model.
        .property("alluxio.job.batch.size", "1");
  }

  /** These commands take only what Alluxio has seen in the origin. */
  private static void know(LocalCluster cluster) throws IOException {
    CliResult seen = cluster.cli("fs", "ls", "-R", "/");
    assertTrue(seen.succeeded(), seen::toString);
  }

  private static long inAllMemories(LocalCluster cluster) throws IOException {
    long bytes = 0;
    for (int worker = 0; worker < cluster.workers(); worker++) {
      bytes += inMemory(cluster.worker(worker));
    }
    return bytes;
  }

  private static long fetchesInFlight(LocalCluster cluster) throws IOException {
    long fetches = 0;
    for (int worker = 0; worker < cluster.workers(); worker++) {
      fetches += metric(cluster.worker(worker), "FetchesInFlight");
    }
    return fetches;
  }

  private static CliResult load(LocalCluster cluster, String... arguments) throws IOException {
    String[] all = new String[arguments.length + 2];
    all[0] = "fs";
    all[1] = "load";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    CliResult result = cluster.cli(all);
    assertTrue(result.succeeded(), result::toString);
    return result;
  }

  /** Waits for the end; returns the last report. */
  private static String awaitEnd(LocalCluster cluster, String path) throws Exception {
    String[] report = {""};
    await(
        "the end of the load of " + path,
        () -> {
          report[0] = load(cluster, path, "--progress").output();
          return report[0].contains("SUCCEEDED") || report[0].contains("FAILED");
        });
    return report[0];
  }

  @Test
  void shouldSpreadOneCopyStopKeepToItsBandwidthAndGetTheRestFromPeers() throws Exception {
    System.out.println("seed 31");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 31);
    SyntheticModel.write(bucket.resolve("slow"), MODEL_BYTES, 2, 32);
    try (LocalCluster cluster = LocalCluster.start(config(3).build())) {
      awaitPeers(cluster, 3);
      know(cluster);
      cluster.origin().admin().resetCounters();
      load(cluster, "/model", "--submit");
      String report = awaitEnd(cluster, "/model");
      assertTrue(report.contains("SUCCEEDED"), report);
      long copy = inAllMemories(cluster);
      assertTrue(copy >= MODEL_BYTES && copy < MODEL_BYTES * 1.1, () -> copy + " bytes in memory");
      for (int worker = 0; worker < cluster.workers(); worker++) {
        assertTrue(inMemory(cluster.worker(worker)) > 0, "worker " + worker + " got no part of it");
      }

      long missing = MODEL_BYTES - inMemory(cluster.worker(1));
      long once = cluster.origin().admin().stats().bytesSent();
      String before = Warmups.sources(cluster.worker(1));
      CliResult local = cluster.worker(1).cli("fs", "load", "--local", "/model");
      assertTrue(local.succeeded(), local::toString);
      assertTrue(inMemory(cluster.worker(1)) >= MODEL_BYTES, "it is local now");
      long fromPeers = metric(cluster.worker(1), "BytesFromPeers");
      long fromOrigin = cluster.origin().admin().stats().bytesSent();
      String after = Warmups.sources(cluster.worker(1));
      assertTrue(
          fromPeers >= missing,
          () ->
              String.format(
                  "%,d of %,d bytes from peers, the origin sent %,d, then %,d; before: %s, after: %s",
                  fromPeers, missing, once, fromOrigin, before, after));
      assertRight(cluster.worker(2), "model");
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.05, () -> "the origin sent " + originTimes + " times the model");

      long spread = inAllMemories(cluster);
      long beganNs = System.nanoTime();
      load(cluster, "/slow", "--submit", "--bandwidth", "1MB");
      await("it begins", () -> fetchesInFlight(cluster) > 0);
      Thread.sleep(5_000);
      load(cluster, "/slow", "--stop");
      long loaded = inAllMemories(cluster) - spread;
      long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs);
      assertTrue(
          loaded <= 3 * (seconds + 8) * MIB,
          () -> loaded + " bytes in " + seconds + " s at 3 times 1 MB/s, and a block for each");

      // As Fluid calls it, for files that Alluxio has not seen.
      SyntheticModel.write(bucket.resolve("unseen"), 16L * MIB, 2, 33);
      long had = inAllMemories(cluster);
      CliResult old = cluster.cli("fs", "distributedLoad", "--replication", "1", "/unseen");
      assertTrue(old.succeeded(), old::toString);
      assertTrue(inAllMemories(cluster) - had >= 16L * MIB, old::toString);
    }
  }

  /** What {@code distributedLoad} did with a replication, before 2.9. */
  @Test
  void shouldReplicateThroughTheJobService() throws Exception {
    System.out.println("seed 34");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 34);
    ClusterConfig config =
        config(2)
            .jobServers(true)
            .property("alluxio.master.replication.check.interval", "1sec")
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      awaitPeers(cluster, 2);
      know(cluster);
      cluster.origin().admin().resetCounters();
      load(cluster, "/model", "--submit");
      assertTrue(awaitEnd(cluster, "/model").contains("SUCCEEDED"));
      CliResult asked = cluster.cli("fs", "setReplication", "--min", "2", "-R", "/model");
      assertTrue(asked.succeeded(), asked::toString);
      for (int worker = 0; worker < cluster.workers(); worker++) {
        WorkerNode node = cluster.worker(worker);
        await("worker " + worker + " has a copy", () -> inMemory(node) >= MODEL_BYTES);
      }
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.05, () -> "the origin sent " + originTimes + " times the model");
    }
  }

  /** It ends with the data there or with a failure, never with the word that it is there. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellTheTruthWhenAWorkerIsRestartedMeanwhile(boolean crash) throws Exception {
    System.out.println("seed 33");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 4, 33);
    try (LocalCluster cluster = LocalCluster.start(config(2).build())) {
      awaitPeers(cluster, 2);
      know(cluster);
      cluster.origin().admin().setShaping(Shaping.unshaped().withTotalBytesPerSecond(8 << 20));
      load(cluster, "/model", "--submit");
      await("some of it is there", () -> inAllMemories(cluster) >= MODEL_BYTES / 4);
      assertTrue(inAllMemories(cluster) < MODEL_BYTES, "too late");
      if (crash) {
        cluster.worker(1).kill9();
      }
      cluster.worker(1).restart();
      String report = awaitEnd(cluster, "/model");
      long there = inAllMemories(cluster);
      System.out.println((crash ? "killed" : "restarted") + ": " + report + there + " bytes");
      assertTrue(
          report.contains("FAILED (") || there >= MODEL_BYTES,
          () -> "only " + there + " of " + MODEL_BYTES + " bytes are there after\n" + report);
      cluster.origin().admin().setShaping(Shaping.unshaped());
      assertRight(cluster.worker(0), "model");
    }
  }
}
