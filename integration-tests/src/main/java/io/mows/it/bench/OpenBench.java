// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/**
 * What an open that waits for the whole file is good for: mapped reads while the files arrive, with
 * {@code alluxio.mows.fuse.open.wait} at its default and 0, in one run. One worker reads a model
 * from the origin, then another one has it from the first.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --link-mbit 400}, {@code --rounds 2}.
 */
final class OpenBench {
  private static final String OPEN_WAIT = "alluxio.mows.fuse.open.wait";
  private static final String STREAMED = "open.wait=0s";
  private static final String WAITED = "open.wait=10s";
  private static final String RATIO = "10s / 0s";
  private static final String FREE = "no limit";

  private final BenchOptions options;
  private final Path bucket;
  private final OpenRatios table;

  private OpenBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
    this.table = new OpenRatios(options.modelBytes(), STREAMED, WAITED, RATIO);
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 400);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      OpenBench bench = new OpenBench(options, bucket);
      Pair.writeModels(bucket, options, "free", "link");
      bench.measure(STREAMED);
      bench.measure(WAITED);
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  private void measure(String variant) throws Exception {
    System.out.println("Starting two workers with " + variant);
    Map<String, String> properties =
        Map.of(
            // Files of one block each: those are what the kernel can read by itself.
            MountBench.BLOCK_BYTES,
            Long.toString(options.modelBytes()),
            OPEN_WAIT,
            variant.substring(variant.indexOf('=') + 1));
    try (Pair pair = Pair.start(bucket, options.modelBytes(), properties)) {
      for (WorkerNode worker : pair.both()) {
        read(pair, worker, ScaleoutBench.WARM_UP_MODEL);
      }
      pair.free(ScaleoutBench.WARM_UP_MODEL);
      String link = options.linkName();
      for (int round = 0; round < options.rounds(); round++) {
        round(pair, variant, FREE, "free" + round);
        pair.limitLinks(options.linkBitsPerSecond());
        round(pair, variant, link, "link" + round);
        pair.limitLinks(NetworkConfig.UNLIMITED);
      }
    }
  }

  private void round(Pair pair, String variant, String link, String model) throws Exception {
    HostMemory.touch(2, options.modelBytes());
    note(variant, "from the origin, " + link, read(pair, pair.has(), model));
    note(variant, "from one peer, " + link, read(pair, pair.wants(), model));
    for (WorkerNode worker : pair.both()) {
      Path mounted = worker.mountPoint().resolve(model);
      if (!CrcManifest.verify(mounted).isEmpty()) {
        throw new IOException(mounted + " gave wrong bytes");
      }
    }
    pair.free(model);
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

  private static MappedRead read(Pair pair, WorkerNode worker, String model) throws Exception {
    return MappedRead.of(pair.weights(worker, model), worker.pid());
  }
}
