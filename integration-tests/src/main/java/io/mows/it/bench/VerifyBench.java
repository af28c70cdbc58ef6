// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.model.SyntheticModel;
import io.mows.p2p.piece.RunningCrc32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.io.FileUtils;

/**
 * What checking costs: the same reads with {@code alluxio.mows.verify} off, piece and strict, and
 * the CRC32 of a piece as it arrives beside the bare loop.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --link-mbit 500}.
 */
final class VerifyBench {
  private static final int SHARDS = 4;
  private static final int ROUNDS = 3;
  private static final List<String> MODES = List.of("off", "piece", "strict");
  private static final int PIECE_BYTES = 4 << 20;
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int CRC_ROUNDS = 200;

  private final BenchOptions options;
  private final Path bucket;
  private final MarkdownTable table = new MarkdownTable(MODES.toArray(new String[0]));

  private VerifyBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 500);
    crc32s();
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      VerifyBench bench = new VerifyBench(options, bucket);
      bench.writeModels();
      for (String mode : MODES) {
        bench.measure(mode);
      }
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under several names: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    SyntheticModel.write(bucket.resolve("link0"), options.modelBytes(), SHARDS, 1);
    for (int round = 0; round < ROUNDS; round++) {
      for (String name : List.of("link", "free")) {
        if (round > 0 || !name.equals("link")) {
          BenchModels.link(bucket.resolve("link0"), bucket.resolve(name + round));
        }
      }
    }
    SyntheticModel.write(bucket.resolve("warm-up"), 256 << 20, 2, 3);
  }

  private void measure(String mode) throws Exception {
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .workers(1)
            .ramdiskBytes(options.modelBytes() * 4)
            .workerMemoryMiB(1024, 2048)
            .origin(OriginConfig.serving(bucket))
            .network(NetworkConfig.namespaces())
            .jobServers(false)
            .dropInJar(Build.dropInJar())
            .property("alluxio.mows.verify", mode);
    try (LocalCluster cluster = LocalCluster.start(config.build())) {
      Path mount = cluster.worker(0).mountPoint();
      FileReads.sequentialNs(BenchModels.weights(mount.resolve("warm-up")));
      cold(mode, cluster, "cold, no limit", "free");
      cluster.worker(0).limitLink(options.linkBitsPerSecond());
      cold(mode, cluster, "cold, " + options.linkName(), "link");
      List<Path> weights = BenchModels.weights(mount.resolve("link" + (ROUNDS - 1)));
      List<Double> seconds = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        FileReads.dropPageCache();
        seconds.add(FileReads.sequentialNs(weights) / 1e9);
      }
      put("hot, sequential", mode, seconds);
    }
  }

  private void cold(String mode, LocalCluster cluster, String row, String name) throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path model = cluster.worker(0).mountPoint().resolve(name + round);
      HostMemory.touch(1, options.modelBytes());
      seconds.add(FileReads.sequentialNs(BenchModels.weights(model)) / 1e9);
      if (round < ROUNDS - 1) {
        cluster.worker(0).cli("fs", "free", "/" + name + round);
      }
    }
    put(row, mode, seconds);
  }

  private void put(String row, String mode, List<Double> seconds) {
    double best = Collections.min(seconds);
    String value =
        String.format(
            Locale.ROOT,
            "%.2f s (%.2f GB/s) best of %s",
            best,
            options.modelBytes() / best / 1e9,
            rounded(seconds));
    table.put(row, mode, value);
    System.out.println(mode + ": " + row + ": " + value);
  }

  private static String rounded(List<Double> seconds) {
    List<String> all = new ArrayList<>();
    seconds.forEach(s -> all.add(String.format(Locale.ROOT, "%.2f", s)));
    return String.join(", ", all);
  }

  /** A piece in chunks, as it arrives, beside the loop over the same bytes. */
  private static void crc32s() {
    byte[] piece = new byte[PIECE_BYTES];
    new Random(1).nextBytes(piece);
    double bare = 0;
    double ours = 0;
    int sum = 0;
    for (int round = 0; round < CRC_ROUNDS; round++) {
      long startNs = System.nanoTime();
      CRC32 crc = new CRC32();
      for (int at = 0; at < PIECE_BYTES; at += CHUNK_BYTES) {
        crc.update(ByteBuffer.wrap(piece, at, CHUNK_BYTES));
      }
      long middleNs = System.nanoTime();
      RunningCrc32 running = new RunningCrc32();
      for (int at = 0; at < PIECE_BYTES; at += CHUNK_BYTES) {
        running.update(at, ByteBuffer.wrap(piece, at, CHUNK_BYTES));
      }
      OptionalInt value = running.value(PIECE_BYTES);
      long endNs = System.nanoTime();
      if (value.getAsInt() != (int) crc.getValue()) {
        throw new AssertionError("The CRC32s differ");
      }
      sum += value.getAsInt();
      bare = Math.max(bare, (double) PIECE_BYTES / (middleNs - startNs));
      ours = Math.max(ours, (double) PIECE_BYTES / (endNs - middleNs));
    }
    System.out.printf(
        Locale.ROOT,
        "CRC32 of a piece: %.2f GB/s, bare loop %.2f GB/s, ratio %.2f (%08x)%n",
        ours,
        bare,
        ours / bare,
        sum);
  }
}
