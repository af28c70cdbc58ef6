// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** An archive of a worker's classes, which a worker makes by itself: docs/adr/0032. */
final class WorkerArchive {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final Path file;

  /**
   * @param file where it will be; deleted if it is there
   */
  WorkerArchive(Path file) throws IOException {
    this.file = file;
    Files.deleteIfExists(file);
  }

  /** With which a worker takes its classes from it, and makes it if it is missing. */
  List<String> options(WorkerNode worker) throws IOException {
    return List.of("-cp", worker.jarClassPath(), "-XX:SharedArchiveFile=" + file);
  }

  boolean isThere() {
    return Files.exists(file);
  }

  /** Waits until a worker with these options, which has read a model, has made it. */
  void await(WorkerNode worker) throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    while (!isThere()) {
      if (System.nanoTime() - startNs > TIMEOUT.toNanos()) {
        throw new IOException("The worker makes no archive; its log: " + worker.log());
      }
      TimeUnit.SECONDS.sleep(1);
    }
    System.out.printf(
        Locale.ROOT, "  an archive of %.1f MiB%n", Files.size(file) / (double) (1 << 20));
  }
}
