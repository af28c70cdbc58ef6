// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortProbeTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void shouldTellWhetherAnythingIsThere(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, address)) {
      closed = socket.getLocalPort();
    }
    try (ServerSocket open = new ServerSocket(0, 1, address)) {
      HostPort at = HostPort.of(host, open.getLocalPort());
      String refusing = HostPort.of(host, closed).toString();
      assertEquals(PortProbe.LISTENS, PortProbe.at(at));
      assertEquals(PortProbe.REFUSES, PortProbe.at(HostPort.of(host, closed)));
      assertTrue(PortProbe.isAbsent(refusing, closed), "a stock worker");
      assertFalse(PortProbe.isAbsent(refusing, at.port()), "it only does not host");
      assertFalse(PortProbe.isAbsent(at.toString(), closed), "it hosts");
    }
    assertEquals(PortProbe.SILENT, PortProbe.at(HostPort.of("no such host", 1)));
  }
}
