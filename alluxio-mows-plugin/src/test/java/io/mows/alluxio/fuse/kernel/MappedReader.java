// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * A process that has mapped a file, and closed it, and looks at each page again and again. In a
 * process of its own, because a virtual machine for Java tells a fault some time after it has
 * happened, wherever its thread is by then.
 */
final class MappedReader implements AutoCloseable {
  private static final int KILLED_BY_SIGBUS = 128 + 7;
  private static final long AWAIT_S = 60;
  private static final String SCRIPT =
      String.join(
          "\n",
          "import ctypes, mmap, os, sys, time, zlib",
          "libc = ctypes.CDLL(None, use_errno=True)",
          "libc.mmap.restype = ctypes.c_void_p",
          "libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int,",
          "                      ctypes.c_int, ctypes.c_long]",
          "fd = os.open(sys.argv[1], os.O_RDONLY)",
          "length = os.fstat(fd).st_size",
          "start = libc.mmap(None, length, mmap.PROT_READ, mmap.MAP_SHARED, fd, 0)",
          "assert start != ctypes.c_void_p(-1).value, os.strerror(ctypes.get_errno())",
          "os.close(fd)",
          "while True:",
          "    print(zlib.crc32(ctypes.string_at(start, length)), flush=True)",
          "    time.sleep(0.01)");

  private final Process process;
  private final BufferedReader output;

  private MappedReader(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Returns when each byte has been looked at: they are {@code expected}. */
  static MappedReader of(Path file, byte[] expected) throws IOException {
    MappedReader reader =
        new MappedReader(
            new ProcessBuilder("python3", "-c", SCRIPT, file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    reader.sees(expected);
    return reader;
  }

  /** It looked once more, or for the first time, at each byte: they are {@code expected}. */
  void sees(byte[] expected) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(expected);
    assertEquals(Long.toString(crc.getValue()), output.readLine(), "CRC32 of what is mapped");
  }

  /** What it looked at is taken from it. */
  void awaitFault() throws InterruptedException {
    assertTrue(process.waitFor(AWAIT_S, TimeUnit.SECONDS), "its mapping should fault");
    assertEquals(KILLED_BY_SIGBUS, process.exitValue());
  }

  /** Ends the process and with it the mapping. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
