// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.MachineMemory;
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
  private static final int TIMES = 3;
  private static final int CHUNK_BYTES = 1 << 20;

  private HostMemory() {}

  /**
   * Has as much free memory ready as so many nodes need that read a model each: for its blocks, the
   * page cache and what the processes take meanwhile; three quarters of what is free at most.
   */
  static void touch(int nodes, long modelBytes) throws IOException {
    long left = Math.min(TIMES * modelBytes * nodes, MachineMemory.freeBytes() / 4 * 3);
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
}
