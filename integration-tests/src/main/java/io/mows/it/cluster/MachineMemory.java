// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says about this machine's memory, in bytes. */
public final class MachineMemory {
  private static final Path TABLE = Path.of("/proc/meminfo");

  private MachineMemory() {}

  /** What processes and tmpfs may still take. */
  public static long availableBytes() throws IOException {
    return bytes("MemAvailable:");
  }

  /** What nothing is in, not even the page cache. */
  public static long freeBytes() throws IOException {
    return bytes("MemFree:");
  }

  private static long bytes(String name) throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow(() -> new IOException(TABLE + " has no line " + name));
  }
}
