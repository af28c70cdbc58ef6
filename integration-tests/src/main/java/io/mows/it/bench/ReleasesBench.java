// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.HostMemory;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/**
 * The drop-in jar beside that of an older release, in one run: each round starts a cluster with the
 * one and then one with the other, the next round the other way round. What counts is the ratio
 * within a round, for the machine changes from minute to minute.
 *
 * <p>Options: {@code --older FILE} (its jar), {@code --rounds 3}, {@code -n 4}, {@code --bytes
 * 268435456}, {@code --link-mbit 200}.
 */
final class ReleasesBench {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final String COLD = "cold";
  private static final String FROM_PEER = "from-peer";
  private static final int SHARDS = 4;
  private static final int HOT_ROUNDS = 5;

  private final ReleasesOptions options;
  private final Path bucket;
  private final ReleasesTable table = new ReleasesTable();

  private ReleasesBench(ReleasesOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  static void run(String[] args) throws Exception {
    ReleasesOptions options = ReleasesOptions.parse(args);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      ReleasesBench bench = new ReleasesBench(options, bucket);
      bench.writeModels();
      for (int round = 0; round < options.rounds(); round++) {
        bench.measure(round);
      }
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under each name: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    System.out.println("Writing a model of " + options.modelBytes() + " bytes");
    Path model = bucket.resolve(ScaleoutBench.WARM_UP_MODEL);
    SyntheticModel.write(model, options.modelBytes(), SHARDS, 1);
    BenchModels.link(model, bucket.resolve(COLD));
    BenchModels.link(model, bucket.resolve(FROM_PEER));
  }

  private void measure(int round) throws Exception {
    boolean olderFirst = round % 2 == 0;
    Path older = options.older();
    Path newer = Build.dropInJar();
    Map<String, Double> first = measure(round, olderFirst ? older : newer);
    Map<String, Double> second = measure(round, olderFirst ? newer : older);
    table.add(olderFirst ? first : second, olderFirst ? second : first);
  }

  private Map<String, Double> measure(int round, Path jar) throws Exception {
    Map<String, Double> figures = new LinkedHashMap<>();
    try (ScaleoutCluster cluster =
            ScaleoutCluster.startMows(
                jar, options.nodes(), options.modelBytes(), bucket, ScaleoutCluster.ONE_BLOCK);
        MountReader reader = new MountReader(cluster, bucket)) {
      reader.warmUp();
      cluster.freeAndWait(ScaleoutBench.WARM_UP_MODEL);
      cold(cluster, reader, figures);
      hot(cluster, figures);
      cluster.freeAndWait(COLD);
      fromPeer(cluster, reader, figures);
    }
    System.out.println("round " + round + ", " + jar.getFileName() + ": " + words(figures));
    return figures;
  }

  private static String words(Map<String, Double> figures) {
    StringBuilder words = new StringBuilder();
    figures.forEach(
        (figure, value) -> words.append(String.format(Locale.ROOT, "%n  %s: %.3f", figure, value)));
    return words.toString();
  }

  /** All nodes at once. */
  private void cold(ScaleoutCluster cluster, MountReader reader, Map<String, Double> figures)
      throws Exception {
    HostMemory.touch(options.nodes(), options.modelBytes());
    cluster.limitLinks(options.linkBitsPerSecond(), options.linkBitsPerSecond());
    cluster.resetOriginBytes();
    double before = cluster.processorSeconds(cluster.nodes());
    EveryNode reads = EveryNode.start(cluster.nodes(), node -> reader.read(node, COLD));
    double seconds = EveryNode.slowest(reads.await(TIMEOUT));
    double processor = cluster.processorSeconds(cluster.nodes()) - before;
    double origin = (double) cluster.originBytes() / options.modelBytes();
    cluster.liftLimits();
    figures.put(
        "cold, " + options.nodes() + " nodes at once: x of the link's time",
        seconds / options.boundSeconds());
    figures.put("cold: origin, x of the model", origin);
    figures.put("cold: processor of workers, s per GB", processor / gigabytes(options.nodes()));
    check(cluster, COLD);
  }

  /** One reader of what is in its worker's memory, the best of some. */
  private void hot(ScaleoutCluster cluster, Map<String, Double> figures) throws IOException {
    List<Path> weights = BenchModels.weights(cluster.node(0).mountPoint().resolve(COLD));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < HOT_ROUNDS; i++) {
      best = Math.min(best, FileReads.sequentialNs(weights));
    }
    figures.put("hot: GB/s", (double) BenchModels.size(weights) / best);
  }

  /** One node reads what another one has, over links without a limit. */
  private void fromPeer(ScaleoutCluster cluster, MountReader reader, Map<String, Double> figures)
      throws Exception {
    cluster.load(0, FROM_PEER);
    HostMemory.touch(1, options.modelBytes());
    List<Integer> both = List.of(0, 1);
    double before = cluster.processorSeconds(both);
    EveryNode reads = EveryNode.start(List.of(1), node -> reader.read(node, FROM_PEER));
    double seconds = EveryNode.slowest(reads.await(TIMEOUT));
    double processor = cluster.processorSeconds(both) - before;
    figures.put("from a peer: MB/s", gigabytes(1) * 1000 / seconds);
    figures.put("from a peer: processor of both, s per GB", processor / gigabytes(1));
    check(cluster, FROM_PEER);
  }

  private double gigabytes(int copies) {
    return copies * options.modelBytes() / 1e9;
  }

  private static void check(ScaleoutCluster cluster, String model) throws IOException {
    Path mounted = cluster.node(1).mountPoint().resolve(model);
    if (!CrcManifest.verify(mounted).isEmpty()) {
      throw new IOException(mounted + " was read wrong");
    }
  }
}
