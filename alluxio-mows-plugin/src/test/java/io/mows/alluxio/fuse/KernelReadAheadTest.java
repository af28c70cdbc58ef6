// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelReadAheadTest {
  private static final List<String> MOUNT_INFO =
      List.of(
          "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw",
          "90 22 0:50 / /mnt/models ro,nosuid - fuse.alluxio alluxio ro",
          "91 22 0:51 / /mnt/models2 ro,nosuid - fuse.alluxio alluxio ro",
          "92 22 0:52 / /mnt/my\\040models ro,nosuid - fuse.alluxio alluxio ro",
          "93 22 0:53 / /mnt/tab\\011new\\012line ro,nosuid - fuse.alluxio alluxio ro",
          "94 22 0:54 / /mnt/back\\134slash\\134040 ro,nosuid - fuse.alluxio alluxio ro",
          "95 22 0:55 / /mnt/hash\\043 ro,nosuid - fuse.alluxio alluxio ro",
          "96 22 0:56 / /mnt/models ro,nosuid - fuse.alluxio alluxio ro",
          "nonsense");

  @ParameterizedTest
  @CsvSource({
    "/mnt/models2,0:51",
    "/mnt/my models,0:52",
    "'/mnt/tab\tnew\nline',0:53",
    "/mnt/back\\slash\\040,0:54",
    "/mnt/hash#,0:55",
    "/,254:1"
  })
  void shouldFindTheDeviceOfAMount(String mountPoint, String device) {
    assertEquals(Optional.of(device), KernelReadAhead.device(MOUNT_INFO, Path.of(mountPoint)));
  }

  @Test
  void shouldFindTheNewestOfSeveralMountsAtOnePlace() {
    assertEquals(Optional.of("0:56"), KernelReadAhead.device(MOUNT_INFO, Path.of("/mnt/models")));
  }

  @Test
  void shouldFindNothingWhereNothingIsMounted() {
    assertEquals(Optional.empty(), KernelReadAhead.device(MOUNT_INFO, Path.of("/mnt")));
  }

  @Test
  void shouldReadThisMachinesMounts() throws IOException {
    List<String> mountInfo = Files.readAllLines(Path.of("/proc/self/mountinfo"));
    Optional<String> proc = KernelReadAhead.device(mountInfo, Path.of("/proc"));
    assertEquals(true, proc.isPresent() && proc.get().matches("[0-9]+:[0-9]+"), proc::toString);
  }
}
