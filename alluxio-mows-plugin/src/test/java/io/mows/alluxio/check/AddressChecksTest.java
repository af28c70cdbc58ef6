// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.HostPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AddressChecksTest {
  private static final AddressChecks.Names NOBODY =
      host -> {
        throw new UnknownHostException(host);
      };

  @Test
  void shouldSayThatAnIpv6AddressNeedsIpv6() {
    HostPort self = HostPort.of("fd79::2", 29991);
    Finding found = AddressChecks.name(self, true, NOBODY).orElseThrow();
    assertEquals(Finding.Level.PROBLEM, found.level());
    assertTrue(found.found().contains("fd79::2"), found::found);
    assertTrue(found.remedy().contains("preferIPv4Stack=false"), found::remedy);
    assertEquals(Optional.empty(), AddressChecks.name(self, false, NOBODY));
  }

  @Test
  void shouldSayThatNobodyKnowsItsName() {
    HostPort self = HostPort.of("worker-7", 29991);
    Finding found = AddressChecks.name(self, true, NOBODY).orElseThrow();
    assertTrue(found.found().contains("worker-7"), found::found);
    assertTrue(found.remedy().contains("alluxio.worker.hostname"), found::remedy);
    assertEquals(Optional.empty(), AddressChecks.name(self, true, host -> {}));
    assertEquals(
        Optional.empty(), AddressChecks.name(HostPort.of("10.0.0.1", 29991), true, NOBODY));
  }

  @Test
  void shouldSayThatTheLocatorsPortIsTaken() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      Finding found = AddressChecks.locatorPort("127.0.0.1", port).orElseThrow();
      assertTrue(found.found().contains("port " + port), found::found);
      assertTrue(found.remedy().contains("alluxio.mows.locator.addresses"), found::remedy);
    }
    assertEquals(Optional.empty(), AddressChecks.locatorPort("127.0.0.1", port));
  }
}
