// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RdmaDeviceTest {
  @TempDir Path sysfs;

  private void write(String file, String content) throws IOException {
    Path path = sysfs.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + "\n");
  }

  @Test
  void shouldFindNothingWhereThereIsNothing() {
    assertEquals(List.of(), RdmaDevice.all(sysfs));
  }

  @Test
  void shouldDescribeRoceInfiniBandAndSoftRoce() throws IOException {
    write("infiniband/mlx5_0/ports/1/state", "4: ACTIVE");
    write("infiniband/mlx5_0/ports/1/link_layer", "Ethernet");
    write("infiniband/mlx5_0/ports/1/rate", "400 Gb/sec (4X NDR)");
    write("infiniband/mlx5_0/ports/1/gid_attrs/ndevs/0", "eth2");
    write("infiniband/mlx5_0/ports/1/gid_attrs/ndevs/1", "eth2");
    write("infiniband/mlx5_1/ports/1/state", "1: DOWN");
    write("infiniband/mlx5_1/ports/1/link_layer", "InfiniBand");
    write("infiniband/mlx5_1/ports/1/rate", "2.5 Gb/sec (1X SDR)");
    write("net/ib0/device/infiniband/mlx5_1/x", "");
    write("infiniband/rxe0/ports/1/state", "4: ACTIVE");
    write("infiniband/rxe0/parent", "dummy0");
    List<RdmaDevice> devices = RdmaDevice.all(sysfs);
    assertEquals(
        List.of(
            "mlx5_0 port 1: ACTIVE, Ethernet, 400 Gb/sec (4X NDR), eth2",
            "mlx5_1 port 1: DOWN, InfiniBand, 2.5 Gb/sec (1X SDR), ib0",
            "rxe0 port 1: ACTIVE, , , dummy0"),
        List.of(devices.get(0).toString(), devices.get(1).toString(), devices.get(2).toString()));
    assertTrue(devices.get(0).isActive());
    assertFalse(devices.get(1).isActive());
    assertEquals(400, devices.get(0).gigabitsPerSecond());
    assertEquals(2, devices.get(1).gigabitsPerSecond());
    assertEquals(4, RdmaMachine.lanes(devices));
    assertEquals(1, RdmaMachine.lanes(devices.subList(1, 3)));
    assertFalse(devices.get(2).address().isPresent(), "there is no such interface here");
  }
}
