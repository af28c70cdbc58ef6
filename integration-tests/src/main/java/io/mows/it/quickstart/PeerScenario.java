// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
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

/** Several workers that read the same cold model at the same moment. */
final class PeerScenario {
  static final int WORKERS = 3;

  /** In which workers that have just started find each other. */
  private static final int SETTLE_SECONDS = 5;

  private final long modelBytes;
  private final Consumer<String> out;

  PeerScenario(long modelBytes, Consumer<String> out) {
    this.modelBytes = modelBytes;
    this.out = out;
  }

  /**
   * Reads the model on every worker of a fresh cluster, prints what each took, and returns whether
   * every byte was right.
   *
   * @throws IOException if a worker could not be read at all
   */
  boolean run(LocalCluster cluster) throws IOException, InterruptedException {
    out.accept("  letting the workers find each other ...");
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    out.accept("  reading through " + ModelReads.through(cluster.worker(0)) + " of each ...");
    cluster.origin().admin().resetCounters();
    ProgressTicker ticker = ProgressTicker.start(cluster.origin().admin(), out);
    List<PeerResult> results;
    try {
      results = readAll(cluster);
    } finally {
      ticker.stop();
    }
    long originBytes = cluster.origin().admin().stats().bytesSent();
    out.accept("");
    out.accept(PeerTable.of(results, modelBytes, originBytes));
    results.forEach(
        result -> result.problems().forEach(problem -> out.accept("WRONG: " + problem)));
    out.accept("");
    out.accept("  alluxio fs mows verify /" + Scenario.READ_PATH);
    CliResult verify = cluster.cli("fs", "mows", "verify", "/" + Scenario.READ_PATH);
    // The progress bar is for a terminal.
    verify.output().lines().filter(line -> !line.contains("\r")).forEach(out);
    return verify.succeeded() && results.stream().allMatch(result -> result.problems().isEmpty());
  }

  private static List<PeerResult> readAll(LocalCluster cluster)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(cluster.workers());
    try {
      List<Callable<PeerResult>> reads = new ArrayList<>();
      for (int i = 0; i < cluster.workers(); i++) {
        WorkerNode worker = cluster.worker(i);
        reads.add(() -> read(worker));
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

  private static PeerResult read(WorkerNode worker) throws IOException {
    long startNs = System.nanoTime();
    List<String> problems = ModelReads.verify(worker, Scenario.READ_PATH);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    return PeerResult.of(seconds, worker.metrics(), problems);
  }
}
