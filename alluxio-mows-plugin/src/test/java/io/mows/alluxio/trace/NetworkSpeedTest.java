// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkSpeedTest {
  @TempDir private Path devices;

  private void device(String name, String state, String speed, boolean hardware)
      throws IOException {
    Path device = Files.createDirectory(devices.resolve(name));
    Files.writeString(device.resolve("operstate"), state + "\n");
    Files.writeString(device.resolve("speed"), speed + "\n");
    if (hardware) {
      Files.createDirectory(device.resolve("device"));
    }
  }

  @Test
  void shouldTakeTheFastestThatIsRealAndUp() throws IOException {
    device("eth0", "up", "1000", true);
    device("eth1", "up", "25000", true);
    device("eth2", "down", "100000", true);
    device("veth3", "up", "400000", false);
    device("eth4", "up", "-1", true);
    assertEquals(25_000 * 125_000.0, NetworkSpeed.bytesPerSecond(devices));
  }

  @Test
  void shouldNotKnow() throws IOException {
    device("eth4", "up", "-1", true);
    assertEquals(0, NetworkSpeed.bytesPerSecond(devices));
    assertEquals(0, NetworkSpeed.bytesPerSecond(devices.resolve("none")));
  }
}
