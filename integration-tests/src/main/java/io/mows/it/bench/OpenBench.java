// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * What an open that waits for the whole file is good for: mapped reads while the files arrive, with
 * {@code alluxio.mows.fuse.open.wait} at its default and 0, in one run. One worker reads a model
 * from the origin, then another one has it from the first.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --link-mbit 400}, {@code --rounds 2}.
 */
final class OpenBench {
  private static final int SHARDS = 4;
  private static final String OPEN_WAIT = "alluxio.mows.fuse.open.wait";
  private static final String STREAMED = "open.wait=0s";
  private static final String WAITED = "open.wait=10s";
  private static final String RATIO = "10s / 0s";
  private static final String FREE = "no limit";

  private final BenchOptions options;
  private final Path bucket;
  private final OpenTable table;

  private OpenBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
    this.table = new OpenTable(options.modelBytes(), STREAMED, WAITED, RATIO);
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 400);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      OpenBench bench = new OpenBench(options, bucket);
      bench.writeModels();
      bench.measure(STREAMED);
      bench.measure(WAITED);
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under several names: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    System.out.println("Writing a model of " + options.modelBytes() + " bytes");
    SyntheticModel.write(bucket.resolve("warm-up"), options.modelBytes(), SHARDS, 1);
    for (int round = 0; round < options.rounds(); round++) {
      BenchModels.link(bucket.resolve("warm-up"), bucket.resolve("free" + round));
      BenchModels.link(bucket.resolve("warm-up"), bucket.resolve("link" + round));
    }
  }

  private void measure(String variant) throws Exception {
    System.out.println("Starting two workers with " + variant);
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .property(ScaleoutCluster.PREFETCH, "false")
            // Files of one block each: those are what the kernel can read by itself.
            .property(MountBench.BLOCK_BYTES, Long.toString(options.modelBytes()))
            .property(OPEN_WAIT, variant.substring(variant.indexOf('=') + 1))
            .workers(2)
            .ramdiskBytes(options.modelBytes() * 2)
            .workerMemoryMiB(1024, 2048)
            .origin(OriginConfig.serving(bucket))
            .network(NetworkConfig.namespaces())
            .dropInJar(Build.dropInJar())
            .jobServers(false);
    try (LocalCluster cluster = LocalCluster.start(config.build())) {
      for (int node = 0; node < 2; node++) {
        read(cluster.worker(node), "warm-up");
      }
      free(cluster, "warm-up");
      String link = options.linkBitsPerSecond() / 1_000_000 + " Mbit/s";
      for (int round = 0; round < options.rounds(); round++) {
        round(cluster, variant, FREE, "free" + round);
        limit(cluster, options.linkBitsPerSecond());
        round(cluster, variant, link, "link" + round);
        limit(cluster, NetworkConfig.UNLIMITED);
      }
    }
  }

  private void round(LocalCluster cluster, String variant, String link, String model)
      throws Exception {
    HostMemory.touch(2, options.modelBytes());
    note(variant, "from the origin, " + link, read(cluster.worker(0), model));
    note(variant, "from one peer, " + link, read(cluster.worker(1), model));
    for (int node = 0; node < 2; node++) {
      Path mounted = cluster.worker(node).mountPoint().resolve(model);
      if (!CrcManifest.verify(mounted).isEmpty()) {
        throw new IOException(mounted + " gave wrong bytes");
      }
    }
    free(cluster, model);
  }

  private void note(String variant, String row, MappedRead read) {
    table.add(row, variant, read.seconds(), read.processorSeconds());
    System.out.printf(
        Locale.ROOT,
        "%s: %s: %.2f s, mount and reader's kernel %.2f s of the processor%n",
        variant,
        row,
        read.seconds(),
        read.processorSeconds());
  }

  /** The names are taken from the origin's directory: nothing is listed before the clock runs. */
  private MappedRead read(WorkerNode worker, String model) throws Exception {
    Path mounted = worker.mountPoint().resolve(model);
    List<Path> files =
        BenchModels.weights(bucket.resolve(model)).stream()
            .map(file -> mounted.resolve(file.getFileName()))
            .collect(Collectors.toCollection(ArrayList::new));
    return MappedRead.of(files, worker.pid());
  }

  private static void limit(LocalCluster cluster, long bitsPerSecond) throws IOException {
    cluster.worker(0).limitLink(bitsPerSecond);
    cluster.worker(1).limitLink(bitsPerSecond);
  }

  private static void free(LocalCluster cluster, String model) throws IOException {
    cluster.cli("fs", "free", "/" + model);
  }
}
