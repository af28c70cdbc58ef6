// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a virtual machine, which its host takes away while it is free (free page reporting)
 * and gives again, page by page, to whoever touches it first. That costs up to 3 s a GB here, more
 * than all that is done with the page, and the more the longer nothing was measured; a node that
 * serves models owns its memory. So every bench touches what a run needs right before it, whoever
 * is measured.
 */
final class HostMemory {
  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Splitter FIELDS = Splitter.on(' ').omitEmptyStrings();
  private static final int CHUNK_BYTES = 1 << 20;

  private HostMemory() {}

  /** Has {@code bytes} of free memory, but never more than three quarters of it, ready for use. */
  static void touch(long bytes) throws IOException {
    long left = Math.min(bytes, freeBytes() / 4 * 3);
    Path file = Files.createTempFile(DIRECTORY, "mows-bench", ".touch");
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (; left > 0; left -= CHUNK_BYTES) {
        out.write(chunk);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static long freeBytes() throws IOException {
    for (String line : Files.readAllLines(MEMORY)) {
      if (line.startsWith("MemFree:")) {
        return Long.parseLong(FIELDS.splitToList(line).get(1)) << 10;
      }
    }
    throw new IOException(MEMORY + " has no line MemFree");
  }
}
