// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What it took a process of its own to read files through mappings, and the mount to serve it. A
 * JVM would not do: what it does by itself is more than the reading. Immutable.
 */
final class MappedRead {
  private static final String SCRIPT = "map_files.py";
  private static final String MOUNT_THREADS = "mows-fuse";

  private final double seconds;
  private final double processorSeconds;

  private MappedRead(double seconds, double processorSeconds) {
    this.seconds = seconds;
    this.processorSeconds = processorSeconds;
  }

  /**
   * Reads all of {@code files}, one after the other; waits for the end.
   *
   * @param workerPid the process that serves the mount
   * @throws IOException if it fails, a SIGBUS included
   */
  static MappedRead of(List<Path> files, long workerPid) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", script()));
    files.forEach(file -> command.add(file.toString()));
    double before = ThreadTimes.seconds(workerPid, MOUNT_THREADS);
    Process reader =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = reader.waitFor();
    if (status != 0) {
      throw new IOException("The reader of " + files + " ended with " + status);
    }
    double mount = ThreadTimes.seconds(workerPid, MOUNT_THREADS) - before;
    String[] words = said.trim().split(" ", -1);
    return new MappedRead(Double.parseDouble(words[0]), Double.parseDouble(words[1]) + mount);
  }

  private static String script() throws IOException {
    try (InputStream in = MappedRead.class.getResourceAsStream(SCRIPT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** From the first open to the last byte. */
  double seconds() {
    return seconds;
  }

  /** Of the mount's threads, and of the kernel on behalf of the reader. */
  double processorSeconds() {
    return processorSeconds;
  }
}
