// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A script of an {@link EngineWorkload}, running. Its clock runs from the start. */
final class EngineProcess implements AutoCloseable {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "HF_HUB_OFFLINE", "1",
          "PYTHONDONTWRITEBYTECODE", "1",
          "VLLM_CPU_KVCACHE_SPACE", "1",
          "VLLM_NO_USAGE_STATS", "1",
          // Its processes talk to each other; the node's link is for the model.
          "VLLM_HOST_IP", "127.0.0.1",
          "GLOO_SOCKET_IFNAME", "lo");

  private final Process process;
  private final BufferedReader lines;
  private final EngineOutput output = new EngineOutput();
  private volatile long startNs;

  private EngineProcess(Process process, long startNs) {
    this.process = process;
    this.startNs = startNs;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a script without waiting.
   *
   * @param enter what goes before the command line to run it in a node's network
   */
  static EngineProcess start(List<String> enter, List<String> line) throws IOException {
    List<String> command = new ArrayList<>(enter);
    command.addAll(line);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(ENVIRONMENT);
    long startNs = System.nanoTime();
    return new EngineProcess(builder.start(), startNs);
  }

  /** Tells a script that waits to go on; the clock starts anew. */
  void go() throws IOException {
    OutputStream in = process.getOutputStream();
    startNs = System.nanoTime();
    in.write("go\n".getBytes(StandardCharsets.US_ASCII));
    in.flush();
  }

  /**
   * Reads until the script has said this.
   *
   * @return the seconds at which it did
   * @throws IOException if it ends without; the message has its last lines
   */
  double await(String mark) throws IOException {
    while (output.secondsOf(mark).isEmpty()) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the engine ended and never said '" + mark + "':\n" + output.tail());
      }
      output.line(line, (System.nanoTime() - startNs) / 1e9);
    }
    return output.secondsOf(mark).getAsDouble();
  }

  /** Waits for its end; what it says until then is of no interest. */
  void awaitEnd() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.line(line, (System.nanoTime() - startNs) / 1e9);
    }
  }

  EngineOutput output() {
    return output;
  }

  /** Ends it, and the processes that it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
