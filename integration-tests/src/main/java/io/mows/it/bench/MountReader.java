// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads a model's weights through a node's mount, file by file, as a service does that starts. */
final class MountReader implements ModelReader {
  private static final Duration WARM_UP_TIMEOUT = Duration.ofMinutes(10);

  private final ScaleoutCluster cluster;
  private final Path bucket;

  /**
   * @param bucket the origin's directory: the names of a model's files are taken from it, so that
   *     the mount is not asked before the clock runs
   */
  MountReader(ScaleoutCluster cluster, Path bucket) {
    this.cluster = cluster;
    this.bucket = bucket;
  }

  @Override
  public void warmUp() throws Exception {
    EveryNode reads =
        EveryNode.start(cluster.nodes(), node -> read(node, ScaleoutBench.WARM_UP_MODEL));
    Map<Integer, String> problems = EveryNode.problems(reads.await(WARM_UP_TIMEOUT));
    if (!problems.isEmpty()) {
      throw new IOException("Nodes cannot read the model that does not count: " + problems);
    }
  }

  @Override
  public void read(int node, ScaleoutCase which) throws IOException {
    read(node, which.flag());
  }

  /** Reads all of a model. */
  void read(int node, String model) throws IOException {
    Path mounted = cluster.node(node).mountPoint().resolve(model);
    List<Path> files =
        BenchModels.weights(bucket.resolve(model)).stream()
            .map(file -> mounted.resolve(file.getFileName()))
            .collect(Collectors.toList());
    FileReads.sequentialNs(files);
  }

  @Override
  public Path result(int node, ScaleoutCase which) {
    return cluster.node(node).mountPoint().resolve(which.flag());
  }

  @Override
  public void close() {
    // The mounts are the cluster's.
  }
}
