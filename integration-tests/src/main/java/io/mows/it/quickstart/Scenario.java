// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps that are measured, in order, on every cluster. The origin shows one model under two
 * names, so that reading it and loading it both start cold on one cluster.
 */
final class Scenario {
  /** The name of the model that is read through the mount without being loaded before. */
  static final String READ_PATH = "model";

  /** The name of the same model that is loaded first. */
  static final String LOAD_PATH = "model-to-load";

  private final long modelBytes;
  private final Consumer<String> out;

  Scenario(long modelBytes, Consumer<String> out) {
    this.modelBytes = modelBytes;
    this.out = out;
  }

  private interface Action {
    /** Returns what is wrong; empty if all is well. */
    List<String> run() throws IOException;
  }

  /** Runs every step on the first worker of a fresh cluster; a failing step ends the run. */
  List<StepResult> run(LocalCluster cluster) throws IOException {
    WorkerNode worker = cluster.worker(0);
    String through = ModelReads.through(worker);
    List<StepResult> results = new ArrayList<>();
    results.add(
        measure(
            cluster, "first read through " + through, () -> ModelReads.verify(worker, READ_PATH)));
    results.add(
        measure(
            cluster, "second read through " + through, () -> ModelReads.verify(worker, READ_PATH)));
    results.add(measure(cluster, "alluxio fs load", () -> load(worker)));
    results.add(
        measure(cluster, "read of the loaded model", () -> ModelReads.verify(worker, LOAD_PATH)));
    return results;
  }

  private StepResult measure(LocalCluster cluster, String title, Action action) throws IOException {
    out.accept("  " + title + " ...");
    cluster.origin().admin().resetCounters();
    long startNs = System.nanoTime();
    List<String> problems;
    ProgressTicker ticker = ProgressTicker.start(cluster.origin().admin(), modelBytes, out);
    try {
      problems = action.run();
    } finally {
      ticker.stop();
    }
    double seconds = (System.nanoTime() - startNs) / 1e9;
    long originBytes = cluster.origin().admin().stats().bytesSent();
    StepResult result = new StepResult(title, seconds, modelBytes, originBytes, problems);
    out.accept(
        String.format(
            "    %.1f s, %.0f MB/s, origin sent %s%s",
            seconds,
            result.megabytesPerSecond(),
            StepsTable.bytes(originBytes),
            problems.isEmpty() ? "" : ", WRONG: " + problems));
    return result;
  }

  private static List<String> load(WorkerNode worker) throws IOException {
    CliResult result = worker.cli("fs", "load", "/" + LOAD_PATH);
    return result.succeeded() ? List.of() : List.of("alluxio fs load: " + result);
  }
}
