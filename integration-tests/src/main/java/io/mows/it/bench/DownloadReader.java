// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.WorkerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Downloads a model to a file in each node's memory: a {@link PlainDownload} in each node's network
 * namespace. Each node can download once.
 */
final class DownloadReader implements ModelReader {
  private final ScaleoutCluster cluster;
  private final Map<Integer, Process> processes = new TreeMap<>();
  private final Map<Integer, BufferedReader> outputs = new TreeMap<>();

  DownloadReader(ScaleoutCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void warmUp() throws IOException {
    for (int node : cluster.nodes()) {
      Process process = start(cluster.node(node));
      processes.put(node, process);
      outputs.put(
          node,
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), Charset.defaultCharset())));
    }
    for (int node : cluster.nodes()) {
      expect(node, PlainDownload.READY);
    }
  }

  private static Process start(WorkerNode node) throws IOException {
    List<String> command =
        List.of(
            "nsenter",
            "--net=/proc/" + node.pid() + "/ns/net",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
            "-cp",
            System.getProperty("java.class.path"),
            PlainDownload.class.getName(),
            siteProperties(node).toString(),
            ScaleoutBench.WARM_UP_MODEL,
            ScaleoutCase.DOWNLOAD.flag(),
            directory(node).toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static Path siteProperties(WorkerNode node) {
    return node.cliScript().resolveSibling("conf").resolve("alluxio-site.properties");
  }

  /** In the node's tmpfs, beside Alluxio's empty block store; it goes with the cluster. */
  private static Path directory(WorkerNode node) {
    return node.memoryDir().resolve("downloads");
  }

  @Override
  public void read(int node, ScaleoutCase which) throws IOException {
    OutputStream in = processes.get(node).getOutputStream();
    in.write("go\n".getBytes(StandardCharsets.US_ASCII));
    in.flush();
    expect(node, PlainDownload.DONE);
  }

  private void expect(int node, String line) throws IOException {
    String said = outputs.get(node).readLine();
    if (!line.equals(said)) {
      throw new IOException("the download on node " + node + " said " + said);
    }
  }

  @Override
  public Path result(int node, ScaleoutCase which) {
    return directory(cluster.node(node)).resolve(which.flag());
  }

  @Override
  public void close() throws IOException {
    processes.values().forEach(Process::destroyForcibly);
  }
}
