// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a whole model and checks its CRCs: through the worker's mount, or, on a machine without
 * FUSE, through the Alluxio client into a directory of its own.
 */
final class ModelReads {
  private ModelReads() {}

  /** What a step is called, so that the table says which way was taken. */
  static String through(WorkerNode worker) {
    return worker.mounts() ? "the mount" : "the Alluxio client (no FUSE here)";
  }

  /** Returns what is wrong; empty if all is well. */
  static List<String> verify(WorkerNode worker, String path) throws IOException {
    if (worker.mounts()) {
      return mismatches(worker.mountPoint().resolve(path));
    }
    Path copy = Files.createTempDirectory("mows-quickstart-copy");
    try {
      CliResult result = worker.cli("fs", "copyToLocal", "/" + path, copy.toString());
      return result.succeeded()
          ? mismatches(manifestDirectory(copy))
          : List.of("alluxio fs copyToLocal: " + result);
    } finally {
      delete(copy);
    }
  }

  private static List<String> mismatches(Path model) throws IOException {
    return CrcManifest.verify(model).stream().map(Object::toString).collect(Collectors.toList());
  }

  /** Alluxio copies a directory's content, or the directory itself, depending on its release. */
  private static Path manifestDirectory(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(copy)) {
      return files
          .filter(file -> file.endsWith(CrcManifest.FILE_NAME))
          .findFirst()
          .orElseThrow(() -> new IOException("The copy has no " + CrcManifest.FILE_NAME))
          .getParent();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }
}
