// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.FileUtils;

/**
 * The memory of a virtual machine, which its host takes away while it is free (free page reporting)
 * and gives again, page by page, to whoever touches it first. That costs up to 3 s a GB here, more
 * than all that is done with the page, and the more the longer nothing was measured; a node that
 * serves models owns its memory. So every bench touches what a run needs right before it, whoever
 * is measured.
 */
public final class HostMemory {
  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final int TIMES = 6;
  private static final int CHUNK_BYTES = 1 << 20;

  private HostMemory() {}

  /**
   * Has as much free memory ready as so many nodes need that read a model each: for its blocks, the
   * page cache and what the processes take meanwhile; three quarters of what is free at most.
   */
  public static void touch(int nodes, long modelBytes) throws IOException {
    long bytes = Math.min(TIMES * modelBytes * nodes, MachineMemory.freeBytes() / 4 * 3);
    Path dir = Files.createTempDirectory(DIRECTORY, "mows-touch");
    try {
      if (Host.isRoot()) {
        // Huge pages: small ones come from what lies in pieces and was in use a moment ago.
        Mounts.mountTmpfs(dir, bytes + CHUNK_BYTES);
      }
      fill(dir.resolve("memory"), bytes);
    } finally {
      Mounts.unmountBelow(dir);
      FileUtils.deleteDirectory(dir.toFile());
    }
  }

  private static void fill(Path file, long bytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      // Its length first: huge pages are for files that are long enough for one.
      out.write(ByteBuffer.allocate(1), bytes - 1);
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        out.write(chunk.clear().limit((int) Math.min(CHUNK_BYTES, bytes - at)), at);
      }
    }
  }
}
