// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenFileLimitTest {
  @TempDir private Path root;
  private long set;

  private long raise(String now, String most, boolean may) throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(
        root.resolve("proc/self/limits"),
        "Limit                     Soft Limit           Hard Limit           Units\n"
            + "Max open files            "
            + now
            + "                 4096                 files\n");
    return OpenFileLimit.raise(
        new Machine(root),
        new OpenFileLimit.Limits() {
          @Override
          public String text(String file) {
            return file.equals("/proc/sys/fs/nr_open") ? most : "";
          }

          @Override
          public boolean set(long files) {
            set = files;
            return may;
          }
        });
  }

  @Test
  void shouldRaiseALowLimit() throws IOException {
    assertEquals(OpenFileLimit.WANTED, raise("1024", "1048576", true));
    assertEquals(OpenFileLimit.WANTED, set);
  }

  @Test
  void shouldAskForNoMoreThanTheKernelHas() throws IOException {
    assertEquals(20_000, raise("1024", "20000", true));
    assertEquals(0, raise("20000", "20000", true));
  }

  @Test
  void shouldLeaveAHighLimitAlone() throws IOException {
    assertEquals(0, raise("1048576", "1048576", true));
    assertEquals(0, raise("unlimited", "1048576", true));
    assertEquals(0, set);
  }

  @Test
  void shouldGoOnWhereItMayNot() throws IOException {
    assertEquals(0, raise("1024", "1048576", false));
  }
}
