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
 * A link on which one connection gets a part only, as in clouds: one worker reads a model from
 * another one that has it, with one connection and with as many as {@code
 * alluxio.mows.data.connections} allows, in one run; and on the same link without that limit.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --link-mbit 800}, {@code --flow-mbit 100}, {@code
 * --rounds 2}: the best counts.
 */
final class FlowsBench {
  private static final String CONNECTIONS = "alluxio.mows.data.connections";
  private static final String EXTRA = "Worker.MowsPeerConnectionsExtra";

  private final BenchOptions options;
  private final Path bucket;
  private final MarkdownTable table = new MarkdownTable("1", "8");

  private FlowsBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 800);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      FlowsBench bench = new FlowsBench(options, bucket);
      Pair.writeModels(bucket, options, "flows", "link");
      bench.measure("8");
      bench.measure("1");
      System.out.println();
      System.out.println("Of " + CONNECTIONS + ":");
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  private void measure(String connections) throws Exception {
    System.out.println("Starting two workers with " + CONNECTIONS + "=" + connections);
    Map<String, String> properties = Map.of(CONNECTIONS, connections);
    try (Pair pair = Pair.start(bucket, options.modelBytes(), properties)) {
      for (WorkerNode worker : pair.both()) {
        FileReads.sequentialNs(pair.weights(worker, ScaleoutBench.WARM_UP_MODEL));
      }
      pair.free(ScaleoutBench.WARM_UP_MODEL);
      String link = options.linkName();
      double ofFlows = Double.MAX_VALUE;
      double ofLink = Double.MAX_VALUE;
      for (int round = 0; round < options.rounds(); round++) {
        ofFlows = Math.min(ofFlows, round(pair, "flows" + round, true));
        ofLink = Math.min(ofLink, round(pair, "link" + round, false));
      }
      String part = options.flowBitsPerSecond() / 1_000_000 + " Mbit/s for a connection";
      table.put(link + ", " + part, connections, times(ofFlows));
      table.put(link, connections, times(ofLink));
    }
  }

  private double round(Pair pair, String model, boolean limitsFlows) throws Exception {
    HostMemory.touch(2, options.modelBytes());
    FileReads.sequentialNs(pair.weights(pair.has(), model));
    for (WorkerNode worker : pair.both()) {
      if (limitsFlows) {
        worker.limitFlows(options.linkBitsPerSecond(), options.flowBitsPerSecond());
      } else {
        worker.limitLink(options.linkBitsPerSecond());
      }
    }
    double seconds = FileReads.sequentialNs(pair.weights(pair.wants(), model)) / 1e9;
    long extra = pair.wants().metrics().value(EXTRA);
    System.out.printf(Locale.ROOT, "%s: %s, %d connections more%n", model, times(seconds), extra);
    pair.limitLinks(NetworkConfig.UNLIMITED);
    if (!CrcManifest.verify(pair.wants().mountPoint().resolve(model)).isEmpty()) {
      throw new IOException(model + " was read wrong");
    }
    pair.free(model);
    return seconds;
  }

  private String times(double seconds) {
    double bound = options.modelBytes() * 8.0 / options.linkBitsPerSecond();
    return String.format(Locale.ROOT, "%.1f s = %.2fx the link's time", seconds, seconds / bound);
  }
}
