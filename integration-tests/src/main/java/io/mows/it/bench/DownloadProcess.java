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
import java.util.ArrayList;
import java.util.List;

/** A {@link PlainDownload} in a node's network namespace. For one thread. */
final class DownloadProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private DownloadProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()));
  }

  /**
   * Starts it without waiting; it begins with the model that does not count.
   *
   * @param directory takes both models, each in a directory of its name
   */
  static DownloadProcess start(WorkerNode node, String model, Path directory) throws IOException {
    List<String> command = new ArrayList<>(node.enter());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
            "-cp",
            System.getProperty("java.class.path"),
            PlainDownload.class.getName(),
            siteProperties(node).toString(),
            ScaleoutBench.WARM_UP_MODEL,
            model,
            directory.toString()));
    return new DownloadProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static Path siteProperties(WorkerNode node) {
    return node.cliScript().resolveSibling("conf").resolve("alluxio-site.properties");
  }

  /** Waits until the model that does not count is there. */
  void awaitReady() throws IOException {
    expect(PlainDownload.READY);
  }

  /** Downloads the model; returns when all of it is there. */
  void download() throws IOException {
    OutputStream in = process.getOutputStream();
    in.write("go\n".getBytes(StandardCharsets.US_ASCII));
    in.flush();
    expect(PlainDownload.DONE);
  }

  private void expect(String line) throws IOException {
    String said = output.readLine();
    if (!line.equals(said)) {
      throw new IOException("The download said " + said + " instead of " + line);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
