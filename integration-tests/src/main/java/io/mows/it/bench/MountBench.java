// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * One worker, one mount: cold reads over a shaped link and hot reads from memory, for stock Alluxio
 * as it comes, stock Alluxio with {@code direct_io}, and MoWS, one after the other in one run. Of
 * MoWS on kernels without passthrough, hot reads only: its cold ones are the same.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --stock-default-bytes N} (its cold read is so slow
 * that a smaller model has to do), {@code --link-mbit 500}, {@code --connection-mbyte 10}, {@code
 * --only mows}, {@code --hot-only}.
 */
final class MountBench {
  private static final int SHARDS = 4;
  private static final int HOT_ROUNDS = 3;
  private static final int LATER_FILES = 5;
  private static final long MEGA = 1_000_000;

  /** Mount options that make stock Alluxio 2.9.6 read in order, its fastest for cold files. */
  static final String DIRECT_IO = "direct_io,attr_timeout=600,entry_timeout=600";

  /** The length of blocks of files that are met later. */
  static final String BLOCK_BYTES = "alluxio.user.block.size.bytes.default";

  /** Which libfuse a stock worker takes. */
  static final String LIBFUSE = "alluxio.fuse.jnifuse.libfuse.version";

  private static final String DEFAULT = "stock, default options";
  private static final String TUNED = "stock, direct_io";
  private static final String MOWS = "MoWS";
  private static final String COPYING = "MoWS, no passthrough";

  private final BenchOptions options;
  private final Path bucket;
  private final MarkdownTable table = new MarkdownTable(DEFAULT, TUNED, COPYING, MOWS);

  private MountBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 500);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      MountBench bench = new MountBench(options, bucket);
      bench.writeModels();
      bench.measure(MOWS);
      bench.measure(COPYING);
      bench.measure(TUNED);
      bench.measure(DEFAULT);
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under several names: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    say("Writing a model of " + options.modelBytes() + " bytes");
    SyntheticModel.write(bucket.resolve("hot"), options.modelBytes(), SHARDS, 1);
    for (String name : List.of("link", "connection", "first")) {
      BenchModels.link(bucket.resolve("hot"), bucket.resolve(name));
    }
    for (int i = 0; i < LATER_FILES; i++) {
      BenchModels.link(bucket.resolve("hot"), bucket.resolve("later" + i));
    }
    SyntheticModel.write(bucket.resolve("small"), options.stockDefaultBytes(), 1, 2);
    SyntheticModel.write(bucket.resolve("warm-up"), 8 << 20, 1, 3);
  }

  private static boolean isMows(String variant) {
    return variant.equals(MOWS) || variant.equals(COPYING);
  }

  private void measure(String variant) throws Exception {
    if (!options.includes(isMows(variant) ? "mows" : "stock")) {
      return;
    }
    say("Starting " + variant);
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .property(ScaleoutCluster.PREFETCH, "false")
            .workers(1)
            .ramdiskBytes(options.modelBytes() * 4)
            .workerMemoryMiB(1024, 2048)
            .origin(OriginConfig.serving(bucket))
            .network(NetworkConfig.namespaces())
            .jobServers(false);
    if (isMows(variant)) {
      config.dropInJar(Build.dropInJar());
      config.property("alluxio.mows.fuse.passthrough", Boolean.toString(variant.equals(MOWS)));
      // Files of one block each: those are what the kernel can read by itself.
      config.property(BLOCK_BYTES, Long.toString(options.modelBytes()));
    } else {
      // Alluxio's default, and the only one that knows direct_io.
      config.property(LIBFUSE, "2");
    }
    if (variant.equals(TUNED)) {
      config.mountOptions(DIRECT_IO);
    }
    try (LocalCluster cluster = LocalCluster.start(config.build())) {
      Path mount = cluster.worker(0).mountPoint();
      FileReads.sequentialNs(BenchModels.weights(mount.resolve("warm-up")));
      if (!options.hotOnly() && !variant.equals(COPYING)) {
        coldReads(variant, cluster, mount);
      }
      hotReads(variant, cluster, mount);
    }
  }

  private void coldReads(String variant, LocalCluster cluster, Path mount) throws Exception {
    boolean small = variant.equals(DEFAULT);
    long bytes = small ? options.stockDefaultBytes() : options.modelBytes();
    double linkSeconds = bytes * 8.0 / options.linkBitsPerSecond();
    cluster.worker(0).limitLink(options.linkBitsPerSecond());
    String link = options.linkName() + " link";
    if (!small) {
      firstByte(variant, cluster, mount.resolve("first"));
      laterFirstBytes(variant, cluster, mount);
    }
    cold(variant, cluster, "cold, " + link, mount.resolve(small ? "small" : "link"), linkSeconds);
    if (!small) {
      cluster
          .origin()
          .admin()
          .setShaping(
              Shaping.unshaped().withConnectionBytesPerSecond(options.connectionBytesPerSecond()));
      String row =
          "cold, " + link + ", " + options.connectionBytesPerSecond() / MEGA + " MB/s a connection";
      cold(variant, cluster, row, mount.resolve("connection"), linkSeconds);
      cluster.origin().admin().setShaping(Shaping.unshaped());
    }
    cluster.worker(0).limitLink(NetworkConfig.UNLIMITED);
  }

  private void cold(
      String variant, LocalCluster cluster, String row, Path model, double linkSeconds)
      throws Exception {
    cluster.origin().admin().resetCounters();
    List<Path> weights = BenchModels.weights(model);
    long ns = FileReads.sequentialNs(weights);
    long bytes = BenchModels.size(weights);
    double origin = (double) cluster.origin().admin().stats().bytesSent() / bytes;
    double times = ns / 1e9 / linkSeconds;
    table.put(
        row,
        variant,
        format("%.1f s = %.2fx the link's time; origin %.2fx", ns / 1e9, times, origin)
            + (bytes < options.modelBytes() ? format(" (%d MiB only)", bytes >> 20) : ""));
    say(
        variant
            + ": "
            + row
            + ": "
            + format("%.1f s, %.2fx, origin %.2fx", ns / 1e9, times, origin));
  }

  private void firstByte(String variant, LocalCluster cluster, Path model) throws Exception {
    List<Path> weights = BenchModels.weights(model);
    String first = millis(FileReads.randomReadNs(weights.get(0), 0));
    table.put("first byte of the worker's first cold file", variant, first);
    say(variant + ": first byte " + first);
    settle(variant, cluster, weights);
  }

  /**
   * A cold file's first byte, when its code has run some more often, and at once after it a page in
   * the middle of another cold file.
   */
  private void laterFirstBytes(String variant, LocalCluster cluster, Path mount) throws Exception {
    List<Long> firstNs = new ArrayList<>();
    List<Long> randomNs = new ArrayList<>();
    for (int i = 0; i < LATER_FILES; i++) {
      List<Path> weights = BenchModels.weights(mount.resolve("later" + i));
      firstNs.add(FileReads.randomReadNs(weights.get(0), 0));
      Path other = weights.get(SHARDS - 1);
      randomNs.add(FileReads.randomReadNs(other, Files.size(other) / 2));
      settle(variant, cluster, weights);
    }
    median(variant, "first byte of a later one", firstNs);
    median(variant, "random 4 KiB of another cold file, read-ahead running", randomNs);
  }

  private void median(String variant, String what, List<Long> ns) {
    Collections.sort(ns);
    String most = millis(ns.get(ns.size() - 1));
    String median = millis(ns.get(ns.size() / 2));
    table.put(what + ", median of " + ns.size(), variant, median + " (at most " + most + ")");
    say(variant + ": " + what + " " + median + ", at most " + most);
  }

  /** What MoWS reads ahead in the background must not disturb what comes next. */
  private void settle(String variant, LocalCluster cluster, List<Path> weights) throws Exception {
    if (isMows(variant)) {
      cluster.worker(0).limitLink(NetworkConfig.UNLIMITED);
      FileReads.sequentialNs(weights);
      cluster.worker(0).limitLink(options.linkBitsPerSecond());
    }
  }

  private void hotReads(String variant, LocalCluster cluster, Path mount) throws Exception {
    Path model = mount.resolve("hot");
    cluster.worker(0).cli("fs", "load", "--local", "/hot");
    List<Path> weights = BenchModels.weights(model);
    // What a service sees that starts on a node with the model loaded: nothing is warm but memory.
    FileReads.dropPageCache();
    HostMemory.touch(1, options.modelBytes());
    hot(
        variant,
        "hot, the first read after the load",
        BenchModels.size(weights),
        FileReads.sequentialNs(weights));
    List<CrcMismatch> wrong = CrcManifest.verify(model);
    if (!wrong.isEmpty()) {
      throw new IOException(variant + " gave wrong bytes: " + wrong);
    }
    long tmpfs = bestOf(() -> FileReads.sequentialNs(blocks(cluster.worker(0).memoryDir())));
    long tmpfsBytes = BenchModels.size(blocks(cluster.worker(0).memoryDir()));
    long bytes = BenchModels.size(weights);
    double raw = gigabytesPerSecond(tmpfsBytes, tmpfs);
    table.put("the worker's tmpfs, read directly", variant, format("%.2f GB/s", raw));
    hot(variant, "hot, sequential", bytes, bestOf(() -> FileReads.sequentialNs(weights)));
    hot(
        variant,
        "hot, four readers of four files",
        bytes,
        bestOf(() -> FileReads.concurrentNs(weights)));
    if (!variant.equals(TUNED)) {
      hot(variant, "hot, mmap", bytes, bestOf(() -> FileReads.mappedNs(weights)));
    } else {
      table.put("hot, mmap", variant, "not possible");
    }
    FileReads.sequentialNs(weights);
    hot(variant, "read again, kernel's page cache warm", bytes, FileReads.sequentialNs(weights));
    if (!variant.equals(TUNED)) {
      hot(variant, "mmap again, kernel's page cache warm", bytes, FileReads.mappedNs(weights));
    }
  }

  private void hot(String variant, String row, long bytes, long ns) {
    String value = format("%.2f GB/s", gigabytesPerSecond(bytes, ns));
    table.put(row, variant, value);
    say(variant + ": " + row + ": " + value);
  }

  private interface Timed {
    long run() throws Exception;
  }

  /** The best of some rounds, each with nothing in the kernel's page cache. */
  private static long bestOf(Timed read) throws Exception {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < HOT_ROUNDS; i++) {
      // Pages that an earlier round has mapped stay in memory until they are unmapped.
      System.gc();
      FileReads.dropPageCache();
      best = Math.min(best, read.run());
    }
    return best;
  }

  private static List<Path> blocks(Path memoryDir) throws IOException {
    try (Stream<Path> files = Files.walk(memoryDir)) {
      return files.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }

  private static double gigabytesPerSecond(long bytes, long ns) {
    return (double) bytes / ns;
  }

  private static String millis(long ns) {
    return format("%d ms", ns / MEGA);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
