// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * What warm-up brings: two warm-up workers and instances of one service, each on a node with a
 * limited link, and an origin whose link is slower.
 *
 * <p>Options: {@code --readers 6}, {@code --bytes 268435456}, {@code --link-mbit 240}, {@code
 * --origin-mbit 60}.
 */
final class WarmupBench {
  private static final int WARMUP_WORKERS = 2;
  private static final int HOLDER = WARMUP_WORKERS;
  private static final int SHARDS = 4;
  private static final long BLOCK_BYTES = 16 << 20;
  private static final long SPARE_BYTES = 512L << 20;
  private static final long SETTLE_SECONDS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(10);
  private static final List<String> MODELS = List.of("spread", "alone", "cold", "scaleout");
  private static final String BAR = "bar";
  private static final String RESULT = "measured";
  private static final String REACHED = "reached";

  private final WarmupOptions options;
  private final Path bucket;
  private final LocalCluster cluster;
  private final HostMemory memory;
  private final MarkdownTable table = new MarkdownTable(RESULT, BAR, REACHED);

  private WarmupBench(WarmupOptions options, Path bucket, LocalCluster cluster, HostMemory memory) {
    this.options = options;
    this.bucket = bucket;
    this.cluster = cluster;
    this.memory = memory;
  }

  /**
   * Measures and prints.
   *
   * @throws IOException if a node failed or read wrong bytes
   */
  static void run(String[] args) throws Exception {
    WarmupOptions options = WarmupOptions.parse(args);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      Path model = bucket.resolve("model");
      SyntheticModel.write(model, options.modelBytes(), SHARDS, 1);
      for (String name : MODELS) {
        BenchModels.link(model, bucket.resolve(name));
      }
      SyntheticModel.write(bucket.resolve(ScaleoutBench.WARM_UP_MODEL), 8 << 20, 1, 2);
      try (LocalCluster cluster = LocalCluster.start(config(options, bucket));
          HostMemory memory = new HostMemory()) {
        WarmupBench bench = new WarmupBench(options, bucket, cluster, memory);
        bench.measure();
        System.out.println();
        System.out.println(bench.caption());
        System.out.println();
        System.out.println(bench.table);
      }
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  private static ClusterConfig config(WarmupOptions options, Path bucket) throws IOException {
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .workers(WARMUP_WORKERS + 1 + options.readers())
            .ramdiskBytes(2 * options.modelBytes() + SPARE_BYTES)
            .workerMemoryMiB(384, 512)
            .origin(OriginConfig.serving(bucket))
            .network(NetworkConfig.namespaces())
            .startTimeout(START_TIMEOUT)
            .firstCompilerOnly(true)
            .dropInJar(Build.dropInJar())
            .property("alluxio.user.block.size.bytes.default", Long.toString(BLOCK_BYTES))
            .property(ScaleoutCluster.PREFETCH, "false")
            .jobServers(false);
    for (int worker = 0; worker < WARMUP_WORKERS; worker++) {
      config.workerProperty(worker, "alluxio.mows.role", "warmup");
    }
    return config.build();
  }

  private void measure() throws Exception {
    List<Integer> all = new ArrayList<>();
    for (int node = 0; node < cluster.workers(); node++) {
      all.add(node);
    }
    await(EveryNode.start(all, node -> read(node, ScaleoutBench.WARM_UP_MODEL)));
    spread();
    free("spread");
    alone();
    free("alone");
    free("cold");
    scaleout();
  }

  /** Two warm-up workers load one copy together. */
  private void spread() throws Exception {
    System.out.println("Warm-up over " + WARMUP_WORKERS + " warm-up workers");
    long[] before = {fromOrigin(0), fromOrigin(1)};
    begin(WARMUP_WORKERS);
    long startNs = System.nanoTime();
    check(cluster.cli("fs", "mows", "warmup", "/spread", "--wait"));
    double seconds = (System.nanoTime() - startNs) / 1e9;
    double origin = end();
    double one = fromOrigin(0) - before[0];
    double share = one / (one + fromOrigin(1) - before[1]);
    double times = seconds / options.originSeconds();
    put(
        "warm-up over 2 warm-up workers, one copy",
        format(
            "%.1f s = %.2fx, origin %.2fx, one holds %.0f %%", seconds, times, origin, 100 * share),
        "at most 1.10x S/origin, origin 1.02x, 40-60 %",
        times <= 1.1 && origin <= 1.02 && share >= 0.4 && share <= 0.6);
  }

  /** One instance starts cold, with a warm-up worker that has the model and without. */
  private void alone() throws Exception {
    System.out.println("One instance, with and without a warmed warm-up worker");
    check(cluster.worker(0).cli("fs", "load", "--local", "/alone"));
    begin(1);
    double warmed = read(List.of(HOLDER), "alone");
    double origin = end();
    begin(1);
    double cold = read(List.of(HOLDER), "cold");
    double coldOrigin = end();
    verify(List.of(HOLDER), "alone");
    verify(List.of(HOLDER), "cold");
    double times = warmed / options.linkSeconds();
    put(
        "one instance, warm-up worker has it",
        format("%.1f s = %.2fx, origin %.2fx", warmed, times, origin),
        "at most 1.20x S/link, origin 0.00x",
        times <= 1.2 && origin == 0);
    put(
        "one instance, nobody has it",
        format("%.1f s, origin %.2fx: %.1f times as long", cold, coldOrigin, cold / warmed),
        "at least 3 times as long",
        cold / warmed >= 3);
  }

  /** Many instances start at once; another one and a warm-up worker have the model. */
  private void scaleout() throws Exception {
    System.out.println(options.readers() + " instances at once");
    check(cluster.worker(0).cli("fs", "load", "--local", "/scaleout"));
    check(cluster.worker(HOLDER).cli("fs", "load", "--local", "/scaleout"));
    List<Integer> readers = new ArrayList<>();
    for (int node = HOLDER + 1; node < cluster.workers(); node++) {
      readers.add(node);
    }
    begin(readers.size());
    double slowest = read(readers, "scaleout");
    double origin = end();
    verify(readers, "scaleout");
    double times = slowest / options.linkSeconds();
    put(
        format("%d instances at once, one more and a warm-up worker have it", readers.size()),
        format("%.1f s = %.2fx, origin %.2fx", slowest, times, origin),
        "at most 1.35x S/link",
        times <= 1.35);
  }

  private void put(String row, String result, String bar, boolean reached) {
    System.out.println("  " + result);
    table.put(row, RESULT, result);
    table.put(row, BAR, bar);
    table.put(row, REACHED, reached ? "yes" : "NO");
  }

  private void begin(int reading) throws Exception {
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    memory.hold(reading + 1, options.modelBytes());
    links(options.linkBitsPerSecond(), options.originBitsPerSecond());
    cluster.origin().admin().resetCounters();
  }

  /**
   * Returns what the origin sent, over the model's bytes. Manifests do not count: each worker reads
   * them from the origin, so that it notices a new one.
   */
  private double end() throws IOException {
    long bytes =
        cluster.origin().admin().stats().bytesSent(key -> !key.endsWith(CrcManifest.FILE_NAME));
    double times = (double) bytes / options.modelBytes();
    links(NetworkConfig.UNLIMITED, NetworkConfig.UNLIMITED);
    memory.release();
    return times;
  }

  private void links(long nodes, long origin) throws IOException {
    cluster.origin().limitLink(origin);
    for (int node = 0; node < cluster.workers(); node++) {
      cluster.worker(node).limitLink(nodes);
    }
  }

  /** Returns the seconds of the slowest. */
  private double read(List<Integer> nodes, String model) throws Exception {
    Map<Integer, NodeBytes> before = new TreeMap<>();
    for (int node : nodes) {
      before.put(node, NodeBytes.of(cluster.worker(node)));
    }
    Map<Integer, EveryNode.Outcome> outcomes =
        await(EveryNode.start(nodes, node -> read(node, model)));
    double slowest = 0;
    for (int node : nodes) {
      double seconds = outcomes.get(node).seconds();
      NodeBytes bytes = NodeBytes.of(cluster.worker(node)).since(before.get(node));
      System.out.println(format("  node %d: %.1f s, %s", node, seconds, bytes));
      slowest = Math.max(slowest, seconds);
    }
    return slowest;
  }

  private void read(int node, String model) throws IOException {
    Path mounted = cluster.worker(node).mountPoint().resolve(model);
    FileReads.sequentialNs(
        BenchModels.weights(bucket.resolve(model)).stream()
            .map(file -> mounted.resolve(file.getFileName()))
            .collect(Collectors.toList()));
  }

  private void verify(List<Integer> nodes, String model) throws Exception {
    await(
        EveryNode.start(
            nodes,
            node -> {
              List<CrcMismatch> wrong =
                  CrcManifest.verify(cluster.worker(node).mountPoint().resolve(model));
              if (!wrong.isEmpty()) {
                throw new IOException("wrong bytes: " + wrong);
              }
            }));
  }

  private static Map<Integer, EveryNode.Outcome> await(EveryNode tasks) throws Exception {
    Map<Integer, EveryNode.Outcome> outcomes = tasks.await(PATIENCE);
    Map<Integer, String> problems = EveryNode.problems(outcomes);
    if (!problems.isEmpty()) {
      throw new IOException("Nodes failed: " + problems);
    }
    return outcomes;
  }

  /** What a warm-up worker has read: each byte that it holds comes from the origin here. */
  private long fromOrigin(int node) throws IOException {
    return cluster.worker(node).metrics().value("Worker.MowsBytesFromOrigin");
  }

  private void free(String model) throws Exception {
    check(cluster.cli("fs", "mows", "warmup", "--evict", "/" + model));
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
  }

  private static void check(CliResult result) throws IOException {
    if (!result.succeeded()) {
      throw new IOException(result.toString());
    }
  }

  private String caption() {
    return format(
        "A model of %d MiB in %d files, link of each node %d Mbit/s, of the origin %d Mbit/s."
            + " S/link is %.1f s, S/origin %.1f s.",
        options.modelBytes() >> 20,
        SHARDS,
        options.linkBitsPerSecond() / 1_000_000,
        options.originBitsPerSecond() / 1_000_000,
        options.linkSeconds(),
        options.originSeconds());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
