// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.testing.TestListener;
import io.mows.channel.testing.TestPieces;
import org.junit.jupiter.api.Test;

final class RdmaChannelProviderTest {
  private final FakeHardware hardware = new FakeHardware(1);
  private final ChannelSettings settings =
      ChannelSettings.builder("here").rdma(null, 16L << 20).build();

  @Test
  void shouldCloseTheDeviceIfTheChannelCannotBeOpened() {
    hardware.loseDevices();
    RdmaChannelProvider provider = new RdmaChannelProvider(hardware);
    assertThrows(
        IllegalStateException.class,
        () -> provider.open(settings, new TestPieces(), new TestListener()));
    assertTrue(hardware.opened().get(0).isClosed());
    assertEquals(0, hardware.opened().get(0).openThings());
  }

  @Test
  void shouldLeaveTheDeviceToTheChannel() throws Exception {
    DataChannel channel =
        new RdmaChannelProvider(hardware).open(settings, new TestPieces(), new TestListener());
    FakeVerbs device = hardware.opened().get(0);
    assertFalse(device.isClosed());
    channel.close();
    assertTrue(device.isClosed());
    assertEquals(0, device.openThings());
  }
}
