// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Availability;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Most machines that build have no RDMA device; the guest of RdmaGuestIT has one. */
final class DisniLoaderTest {
  @Test
  void shouldLoadTheNativeLibraryOrSayWhatIsMissing() {
    Class<?> disni;
    try {
      disni = DisniLoader.load();
    } catch (IOException e) {
      // Built without headers, or run without libraries.
      assertTrue(e.getMessage().contains("libibverbs"), e::getMessage);
      return;
    }
    assertNotSame(Disni.class, disni, "DiSNI finds its library only from a loader of its own");
    assertTrue(Verbs.class.isAssignableFrom(disni));
    if (RdmaDevice.all().isEmpty()) {
      assertThrows(
          IOException.class, () -> DisniLoader.open(disni, InetAddress.getLoopbackAddress()));
    }
  }

  @Test
  void shouldNeverThrowWhenAskedWhetherItIsAvailable() {
    Availability availability = new RdmaChannelProvider().availability();
    assertFalse(availability.explanation().isEmpty());
  }
}
