// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.HostMemory;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * Workers whose processes have just started, as those of a service that scales out: nothing is read
 * before what is timed, and each read is the first one in the life of its worker. All variants in
 * turns in one run.
 *
 * <p>Options: {@code --threads}, {@code --row cold-1|cold-6|warm-5|all}, {@code --only
 * installed,archive,first-compiler,both}, {@code --rounds 3}, {@code --settle-seconds 5}, {@code
 * --java-options "..."} for one more variant.
 */
final class FreshBench {
  private final FreshOptions options;
  private final Path dir;
  private final FreshTable table;

  private FreshBench(FreshOptions options, Path dir) {
    this.options = options;
    this.dir = dir;
    this.table =
        new FreshTable(
            options.variants().stream().map(FreshVariant::flag).collect(Collectors.toList()));
  }

  static void run(String[] args) throws Exception {
    FreshOptions options = FreshOptions.parse(args);
    Path dir = Files.createTempDirectory("mows-bench");
    try {
      FreshBench bench = new FreshBench(options, dir);
      for (FreshRow row : options.rows()) {
        bench.measure(row);
      }
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(dir.toFile());
    }
  }

  private void measure(FreshRow row) throws Exception {
    System.out.println(row);
    Path bucket = writeModels(row);
    try (ScaleoutCluster cluster =
            ScaleoutCluster.startMows(
                Build.dropInJar(), row.nodes(), row.modelBytes(), bucket, row.blockBytes());
        HostMemory memory = new HostMemory()) {
      FreshRun run = new FreshRun(row, options, cluster, new MountReader(cluster, bucket), memory);
      run.begin(dir.resolve("worker.jsa"));
      for (int round = 0; round < options.rounds(); round++) {
        for (FreshVariant variant : options.variants()) {
          run.measure(variant, model(variant, round), table);
        }
      }
    }
    FileUtils.deleteDirectory(bucket.toFile());
  }

  private static String model(FreshVariant variant, int round) {
    return variant.flag() + "-" + round;
  }

  /** The same bytes under a name for each read: a name that was not read yet is cold. */
  private Path writeModels(FreshRow row) throws IOException {
    Path bucket = dir.resolve(row.flag());
    Path model = bucket.resolve(ScaleoutBench.WARM_UP_MODEL);
    SyntheticModel.write(model, row.modelBytes(), row.files(), 1);
    for (int round = 0; round < options.rounds(); round++) {
      for (FreshVariant variant : options.variants()) {
        BenchModels.link(model, bucket.resolve(model(variant, round)));
      }
    }
    return bucket;
  }
}
