// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A process that reads a file to its end: see read_to_end.py. For one thread. */
final class ReaderProcess implements AutoCloseable {
  private static final String SCRIPT = "read_to_end.py";
  private static final int FAILED = 5;
  private static final int SIGBUS = 128 + 7;
  private static final long PATIENCE_S = 120;

  /** How it gets its bytes. */
  enum Way {
    READ,
    SHARED,
    PRIVATE
  }

  private final Way way;
  private final Process process;
  private final BufferedReader said;

  private ReaderProcess(Way way, Process process) {
    this.way = way;
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * @param firstBytes after so many it says that it has them, and waits for {@link #goOn}
   */
  static ReaderProcess start(Way way, int firstBytes, Path file) throws IOException {
    File script = new File(ReaderProcess.class.getResource(SCRIPT).getPath());
    String name = way.name().toLowerCase(Locale.ROOT);
    Process process =
        new ProcessBuilder("python3", script.getPath(), name, "" + firstBytes, file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ReaderProcess(way, process);
  }

  /** Waits until it has its first bytes. */
  void awaitFirstBytes() throws IOException {
    String line = said.readLine();
    if (!"given".equals(line)) {
      throw new IOException(this + " said " + line);
    }
  }

  void goOn() throws IOException {
    OutputStream in = process.getOutputStream();
    in.write('\n');
    in.flush();
  }

  /** Waits until it has ended. Returns "error" if it was told of one, else what it says it got. */
  String result() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new IOException(this + " does not end");
    }
    if (process.exitValue() == (way == Way.READ ? FAILED : SIGBUS)) {
      return "error";
    }
    return said.readLine() + ", exit code " + process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return way + " reader " + process.pid();
  }
}
