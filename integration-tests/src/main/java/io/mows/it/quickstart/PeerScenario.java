// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.Metrics;
import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Several workers that read the same model at the same moment: cold, and warmed up. */
final class PeerScenario {
  static final int INSTANCES = 3;

  /** One more holds models for them. */
  static final int WORKERS = INSTANCES + 1;

  /** In which workers that have just started find each other. */
  private static final int SETTLE_SECONDS = 5;

  private final long modelBytes;
  private final Consumer<String> out;

  PeerScenario(long modelBytes, Consumer<String> out) {
    this.modelBytes = modelBytes;
    this.out = out;
  }

  /**
   * Reads the model on every instance of a fresh cluster, prints what each took, does so again with
   * a model that the warm-up worker has loaded, and returns whether every byte was right.
   *
   * @param cluster {@link #WORKERS} workers, the last of them a warm-up worker
   * @throws IOException if a worker could not be read or the warm-up failed
   */
  boolean run(LocalCluster cluster) throws IOException, InterruptedException {
    out.accept("  letting the workers find each other ...");
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    out.accept("  reading through " + ModelReads.through(cluster.worker(0)) + " of each ...");
    boolean right = read(cluster, "cold", Scenario.READ_PATH);
    check(cluster.cli("fs", "free", "/" + Scenario.READ_PATH));
    out.accept("  alluxio fs mows warmup /" + Scenario.LOAD_PATH + " --wait ...");
    long startNs = System.nanoTime();
    check(cluster.cli("fs", "mows", "warmup", "/" + Scenario.LOAD_PATH, "--wait"));
    out.accept(
        String.format(
            "  the warm-up worker has it after %.1f s; reading ...",
            (System.nanoTime() - startNs) / 1e9));
    right &= read(cluster, "warmed", Scenario.LOAD_PATH);
    return verify(cluster, Scenario.LOAD_PATH) && right;
  }

  private static void check(CliResult result) throws IOException {
    if (!result.succeeded()) {
      throw new IOException(result.toString());
    }
  }

  private boolean read(LocalCluster cluster, String how, String path)
      throws IOException, InterruptedException {
    cluster.origin().admin().resetCounters();
    ProgressTicker ticker = ProgressTicker.start(cluster.origin().admin(), modelBytes, out);
    List<PeerResult> results;
    try {
      results = readAll(cluster, path);
    } finally {
      ticker.stop();
    }
    long originBytes = cluster.origin().admin().stats().bytesSent();
    out.accept("");
    out.accept(WorkersTable.of(how, results, modelBytes, originBytes));
    results.forEach(
        result -> result.problems().forEach(problem -> out.accept("WRONG: " + problem)));
    return results.stream().allMatch(result -> result.problems().isEmpty());
  }

  /** Shows the command that says it for everybody; each reader has compared its bytes, too. */
  private boolean verify(LocalCluster cluster, String path) throws IOException {
    out.accept("");
    out.accept("  alluxio fs mows verify /" + path);
    CliResult verify = cluster.cli("fs", "mows", "verify", "/" + path);
    // The progress bar is for a terminal.
    verify.output().lines().filter(line -> !line.startsWith("[")).forEach(out);
    return verify.succeeded();
  }

  private static List<PeerResult> readAll(LocalCluster cluster, String path)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(INSTANCES);
    try {
      List<Callable<PeerResult>> reads = new ArrayList<>();
      for (int i = 0; i < INSTANCES; i++) {
        WorkerNode worker = cluster.worker(i);
        reads.add(() -> read(worker, path));
      }
      List<PeerResult> results = new ArrayList<>();
      for (Future<PeerResult> read : threads.invokeAll(reads)) {
        results.add(read.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException("a worker could not be read: " + e.getCause().getMessage(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static PeerResult read(WorkerNode worker, String path) throws IOException {
    Metrics before = worker.metrics();
    long startNs = System.nanoTime();
    List<String> problems = ModelReads.verify(worker, path);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    return PeerResult.of(seconds, before, worker.metrics(), problems);
  }
}
