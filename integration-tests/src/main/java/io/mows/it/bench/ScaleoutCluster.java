// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The nodes of one variant, each a worker in its own network namespace, with links that are limited
 * only between {@link #limitLinks} and {@link #liftLimits}. Not thread-safe.
 */
final class ScaleoutCluster implements AutoCloseable {
  /** On two cores a dozen JVMs that start at once take minutes. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(10);

  private static final int HEAP_MIB = 384;
  private static final int DIRECT_MIB = 512;

  /** Stock Alluxio evicts while less than its soft limit (256 MB) is free. */
  private static final long SPARE_BYTES = 512L << 20;

  /** In which workers hear what they have to drop. */
  private static final long FREE_MS = 2_500;

  /** Files of one block each, as conf-templates have it. */
  static final String ONE_BLOCK = "16GB";

  static final String PREFETCH = "alluxio.mows.prefetch.idle";

  private final LocalCluster cluster;

  private ScaleoutCluster(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts origin, master and workers; takes up to minutes.
   *
   * @param modelBytes of the largest model; each worker has room for two of them
   */
  static ScaleoutCluster start(ScaleoutVariant variant, int nodes, long modelBytes, Path bucket)
      throws IOException {
    ClusterConfig.Builder config = config(nodes, modelBytes, bucket);
    switch (variant) {
      case MOWS:
        return startMows(Build.dropInJar(), nodes, modelBytes, bucket, ONE_BLOCK);
      case STOCK:
        config.property(MountBench.LIBFUSE, "2").mountOptions(MountBench.DIRECT_IO);
        break;
      case DOWNLOAD:
        // Only the namespaces and the memory of its nodes are used.
        config.mount(false);
        break;
    }
    return new ScaleoutCluster(LocalCluster.start(config.build()));
  }

  /** As {@link #start}, with a drop-in jar and blocks of a size. */
  static ScaleoutCluster startMows(
      Path jar, int nodes, long modelBytes, Path bucket, String blockBytes) throws IOException {
    ClusterConfig.Builder config =
        config(nodes, modelBytes, bucket)
            .dropInJar(jar)
            .property(MountBench.BLOCK_BYTES, blockBytes);
    return new ScaleoutCluster(LocalCluster.start(config.build()));
  }

  private static ClusterConfig.Builder config(int nodes, long modelBytes, Path bucket) {
    return ClusterConfig.builder()
        .workers(nodes)
        .ramdiskBytes(2 * modelBytes + SPARE_BYTES)
        .workerMemoryMiB(HEAP_MIB, DIRECT_MIB)
        .origin(OriginConfig.serving(bucket))
        .network(NetworkConfig.namespaces())
        .startTimeout(START_TIMEOUT)
        .firstCompilerOnly(true)
        // What a case frees would come back between cases.
        .property(PREFETCH, "false")
        .jobServers(false);
  }

  WorkerNode node(int index) {
    return cluster.worker(index);
  }

  /** The indexes of all nodes, in a list of the caller's own. */
  List<Integer> nodes() {
    return IntStream.range(0, cluster.workers()).boxed().collect(Collectors.toList());
  }

  /** Loads a model into one node's memory. */
  void load(int node, String model) throws IOException {
    check(node(node).cli("fs", "load", "--local", "/" + model));
  }

  /** Makes room for the next model; workers hear of it a moment later. */
  void free(String model) throws IOException {
    check(cluster.cli("fs", "free", "/" + model));
  }

  /** As {@link #free}, and waits until workers have dropped it. */
  void freeAndWait(String model) throws IOException, InterruptedException {
    free(model);
    TimeUnit.MILLISECONDS.sleep(FREE_MS);
  }

  /** What the workers' processes on these nodes have used since they started. */
  double processorSeconds(List<Integer> nodes) throws IOException {
    double seconds = 0;
    for (int node : nodes) {
      seconds += ThreadTimes.seconds(node(node).pid());
    }
    return seconds;
  }

  private static void check(CliResult result) throws IOException {
    if (!result.succeeded()) {
      throw new IOException(result.toString());
    }
  }

  /** Limits every node's link and the origin's, in each direction on its own. */
  void limitLinks(long nodeBitsPerSecond, long originBitsPerSecond) throws IOException {
    cluster.origin().limitLink(originBitsPerSecond);
    for (int node : nodes()) {
      node(node).limitLink(nodeBitsPerSecond);
    }
  }

  /** Limits what the origin sends on each connection; 0: it does not. */
  void limitConnections(long bytesPerSecond) throws IOException {
    Shaping shaping = Shaping.unshaped();
    cluster
        .origin()
        .admin()
        .setShaping(
            bytesPerSecond == 0 ? shaping : shaping.withConnectionBytesPerSecond(bytesPerSecond));
  }

  void liftLimits() throws IOException {
    limitLinks(NetworkConfig.UNLIMITED, NetworkConfig.UNLIMITED);
  }

  void resetOriginBytes() throws IOException {
    cluster.origin().admin().resetCounters();
  }

  /** Bytes of objects that the origin has sent since the last reset. */
  long originBytes() throws IOException {
    return cluster.origin().admin().stats().bytesSent();
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }
}
