// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.Build;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The model of a quickstart: given, kept from an earlier run, or made. */
final class Models {
  private static final int SHARDS = 4;
  private static final long SEED = 1;

  private Models() {}

  /**
   * Returns a model directory whose files all match its manifest (and so are in the page cache when
   * the first cluster starts, as for the second).
   *
   * @throws IOException if a given model does not match its manifest or has none
   */
  static Path prepare(QuickstartOptions options, Consumer<String> out) throws IOException {
    Path dir = options.model().orElse(null);
    if (dir == null) {
      dir =
          Build.target()
              .resolve("models")
              .resolve("synthetic-" + options.sizeBytes() + "-" + SHARDS);
      // The manifest is written last, so a directory that has one is complete.
      if (!Files.exists(dir.resolve(CrcManifest.FILE_NAME))) {
        out.accept("Making a model of " + StepsTable.bytes(options.sizeBytes()) + " in " + dir);
        SyntheticModel.write(dir, options.sizeBytes(), SHARDS, SEED);
      }
    } else if (!Files.exists(dir.resolve(CrcManifest.FILE_NAME))) {
      throw new IOException(
          dir
              + " has no "
              + CrcManifest.FILE_NAME
              + ", against which every byte is checked. Make"
              + " one: a line '[crc32 as 8 hex digits] [relative path]' for every file");
    }
    out.accept("Checking the model in " + dir);
    List<CrcMismatch> mismatches = CrcManifest.verify(dir);
    if (!mismatches.isEmpty()) {
      throw new IOException(
          dir
              + " does not match its "
              + CrcManifest.FILE_NAME
              + ": "
              + mismatches
              + (options.model().isPresent() ? "" : "; delete it and run again"));
    }
    return dir;
  }

  static long lengthBytes(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
