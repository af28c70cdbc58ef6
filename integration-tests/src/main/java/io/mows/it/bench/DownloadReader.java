// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Downloads a model to a file in each node's memory: a {@link PlainDownload} in each node's network
 * namespace. Each node can download once.
 */
final class DownloadReader implements ModelReader {
  private final ScaleoutCluster cluster;
  private final Map<Integer, DownloadProcess> downloads = new TreeMap<>();

  DownloadReader(ScaleoutCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void warmUp() throws IOException {
    for (int node : cluster.nodes()) {
      WorkerNode worker = cluster.node(node);
      downloads.put(
          node, DownloadProcess.start(worker, ScaleoutCase.DOWNLOAD.flag(), directory(worker)));
    }
    for (DownloadProcess download : downloads.values()) {
      download.awaitReady();
    }
  }

  /** In the node's tmpfs, beside Alluxio's empty block store; it goes with the cluster. */
  private static Path directory(WorkerNode node) {
    return node.memoryDir().resolve("downloads");
  }

  @Override
  public void read(int node, ScaleoutCase which) throws IOException {
    downloads.get(node).download();
  }

  @Override
  public Path result(int node, ScaleoutCase which) {
    return directory(cluster.node(node)).resolve(which.flag());
  }

  @Override
  public void close() {
    downloads.values().forEach(DownloadProcess::close);
  }
}
