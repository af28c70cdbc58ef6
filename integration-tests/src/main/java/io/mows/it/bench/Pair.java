// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.SyntheticModel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Two workers in namespaces of their own, one of which has what the other one wants. Not
 * thread-safe.
 */
final class Pair implements AutoCloseable {
  private static final int SHARDS = 4;
  private static final long LEAST_BLOCK_BYTES = 1 << 20;
  private static final long FREE_TIMEOUT_S = 60;

  private final LocalCluster cluster;
  private final Path bucket;

  private Pair(LocalCluster cluster, Path bucket) {
    this.cluster = cluster;
    this.bucket = bucket;
  }

  /**
   * Writes a model that is read before anything is timed, and shows the same bytes under each of
   * {@code names} with the number of each round behind it: a name that was not read yet is cold.
   */
  static void writeModels(Path bucket, BenchOptions options, String... names) throws IOException {
    System.out.println("Writing a model of " + options.modelBytes() + " bytes");
    Path model = bucket.resolve(ScaleoutBench.WARM_UP_MODEL);
    SyntheticModel.write(model, options.modelBytes(), SHARDS, 1);
    for (int round = 0; round < options.rounds(); round++) {
      for (String name : names) {
        BenchModels.link(model, bucket.resolve(name + round));
      }
    }
  }

  /** Starts them with links that are not limited; there is room for two models in each. */
  static Pair start(Path bucket, long modelBytes, Map<String, String> properties)
      throws IOException {
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .property(ScaleoutCluster.PREFETCH, "false")
            .workers(2)
            .ramdiskBytes(modelBytes * 2)
            .workerMemoryMiB(1024, 2048)
            .origin(OriginConfig.serving(bucket))
            .network(NetworkConfig.namespaces())
            .dropInJar(Build.dropInJar())
            .jobServers(false);
    properties.forEach(config::property);
    return new Pair(LocalCluster.start(config.build()), bucket);
  }

  WorkerNode has() {
    return cluster.worker(0);
  }

  WorkerNode wants() {
    return cluster.worker(1);
  }

  List<WorkerNode> both() {
    return List.of(has(), wants());
  }

  /**
   * The weights of a model in a worker's mount. The names are taken from the origin's directory:
   * nothing is listed before the clock runs.
   */
  List<Path> weights(WorkerNode worker, String model) throws IOException {
    Path mounted = worker.mountPoint().resolve(model);
    return BenchModels.weights(bucket.resolve(model)).stream()
        .map(file -> mounted.resolve(file.getFileName()))
        .collect(Collectors.toList());
  }

  void limitLinks(long bitsPerSecond) throws IOException {
    for (WorkerNode worker : both()) {
      worker.limitLink(bitsPerSecond);
    }
  }

  /**
   * Makes room for the next model: returns when neither worker has a block in memory.
   *
   * @param model all that they have
   */
  void free(String model) throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    do {
      if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(FREE_TIMEOUT_S)) {
        throw new IOException("Workers still have blocks in memory, after " + model + " was freed");
      }
      cluster.cli("fs", "free", "/" + model);
      TimeUnit.SECONDS.sleep(1); // In which workers hear it.
    } while (!blocks(has()).isEmpty() || !blocks(wants()).isEmpty());
  }

  /** The files of blocks that a worker has in memory, but for those of small files. */
  static List<Path> blocks(WorkerNode worker) {
    List<Path> blocks = new ArrayList<>();
    addBlocks(worker.memoryDir().toFile(), blocks);
    blocks.sort(Comparator.naturalOrder());
    return blocks;
  }

  /** Does not mind files that go meanwhile. */
  private static void addBlocks(File file, List<Path> blocks) {
    File[] inside = file.listFiles();
    if (inside != null) {
      for (File each : inside) {
        addBlocks(each, blocks);
      }
    } else if (file.length() > LEAST_BLOCK_BYTES) {
      blocks.add(file.toPath());
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }
}
