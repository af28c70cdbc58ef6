// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MountsTest {
  @Test
  void shouldUndoEscapesOfTheKernel() {
    assertEquals("/mnt/my disk", Mounts.unescape("/mnt/my\\040disk"));
    assertEquals("/a\\b\tc", Mounts.unescape("/a\\134b\\011c"));
  }

  @Test
  void shouldTellMountPointsFromDirectories() throws IOException {
    assertTrue(Mounts.isMountPoint(Path.of("/proc")));
    assertFalse(Mounts.isMountPoint(Path.of("/proc/sys/kernel")));
  }
}
