// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/**
 * Many nodes that want one model at the same moment: MoWS, stock Alluxio with {@code direct_io} and
 * a plain parallel download, one after the other in one run, on nodes with limited links.
 *
 * <p>Options: {@code -n 8} (all nodes), {@code --bytes 268435456}, {@code --shards 4}, {@code
 * --link-mbit 200}, {@code --origin-mbit 200} (0: no limit), {@code --connection-kbyte 0} (what the
 * origin gives one connection; 0: no limit), {@code --case
 * cold|warm|slow-origin|crash|download|all}, {@code --only mows|stock|download}, {@code
 * --settle-seconds 5}. A case that needs more nodes is left out of {@code all}.
 */
final class ScaleoutBench {
  /** A model that is read before anything is timed. */
  static final String WARM_UP_MODEL = "warm-up";

  private final ScaleoutOptions options;
  private final Path bucket;
  private final List<ScaleoutResult> results = new ArrayList<>();

  private ScaleoutBench(ScaleoutOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  /**
   * Measures and prints.
   *
   * @throws IOException if a node failed or read wrong bytes, after the table is printed
   */
  static void run(String[] args) throws Exception {
    ScaleoutOptions options = ScaleoutOptions.parse(args);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      ScaleoutBench bench = new ScaleoutBench(options, bucket);
      bench.writeModels();
      for (ScaleoutVariant variant : ScaleoutVariant.values()) {
        bench.measure(variant);
      }
      System.out.println();
      System.out.println(new ScaleoutTable(options, bench.results));
      if (!bench.results.stream().allMatch(ScaleoutResult::isRight)) {
        throw new IOException("A node failed or read wrong bytes; see above");
      }
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under a name for each case: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    System.out.println("Writing a model of " + options.modelBytes() + " bytes");
    Path model = bucket.resolve("model");
    SyntheticModel.write(model, options.modelBytes(), options.shards(), 1);
    for (ScaleoutCase which : ScaleoutCase.values()) {
      BenchModels.link(model, bucket.resolve(which.flag()));
    }
    SyntheticModel.write(bucket.resolve(WARM_UP_MODEL), options.modelBytes(), options.shards(), 2);
  }

  /** All cases of a variant on one cluster; the crash comes last, and ends it. */
  private void measure(ScaleoutVariant variant) throws Exception {
    List<ScaleoutCase> cases = options.casesOf(variant);
    if (cases.isEmpty()) {
      return;
    }
    System.out.println("Starting " + options.nodes() + " nodes for " + variant.title());
    try (ScaleoutCluster cluster =
            ScaleoutCluster.start(variant, options.nodes(), options.modelBytes(), bucket);
        ModelReader reader = reader(variant, cluster);
        HostMemory memory = new HostMemory()) {
      rehearse(variant, cluster, reader, memory);
      ScaleoutRun run = new ScaleoutRun(variant, options, cluster, reader, memory);
      for (ScaleoutCase which : cases) {
        ScaleoutResult result = run.run(which);
        results.add(result);
        if (!result.isRight()) {
          System.out.println("A failed cluster measures nothing: its other cases are left out");
          break;
        }
        if (variant != ScaleoutVariant.DOWNLOAD && which != ScaleoutCase.CRASH) {
          cluster.free(which.flag());
        }
      }
    }
  }

  /**
   * A cold read that does not count, whoever is measured: every JVM has just started, and all of
   * them share two cores to compile on, which the nodes of a service do not.
   */
  private void rehearse(
      ScaleoutVariant variant, ScaleoutCluster cluster, ModelReader reader, HostMemory memory)
      throws Exception {
    System.out.println(variant.title() + ": a cold read that does not count");
    memory.hold(options.nodes(), options.modelBytes());
    cluster.limitLinks(options.linkBitsPerSecond(), options.originBitsPerSecond(ScaleoutCase.COLD));
    long startNs = System.nanoTime();
    reader.warmUp();
    System.out.printf(Locale.ROOT, "  %.1f s%n", (System.nanoTime() - startNs) / 1e9);
    cluster.liftLimits();
    memory.release();
    if (variant != ScaleoutVariant.DOWNLOAD) {
      cluster.free(WARM_UP_MODEL);
    }
  }

  private ModelReader reader(ScaleoutVariant variant, ScaleoutCluster cluster) throws IOException {
    return variant == ScaleoutVariant.DOWNLOAD
        ? new DownloadReader(cluster)
        : new MountReader(cluster, bucket);
  }
}
