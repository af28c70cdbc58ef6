// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "worker-1:29990,worker-1,29990",
    "10.0.0.1:1,10.0.0.1,1",
    "[fd79::2]:29990,fd79::2,29990",
    "[::1]:65535,::1,65535",
    "[::ffff:10.0.0.1]:1,::ffff:10.0.0.1,1",
    "[fe80::1%eth0]:7,fe80::1%eth0,7",
  })
  void shouldReadWhatItWrites(String text, String host, int port) {
    HostPort read = HostPort.parse(text).orElseThrow();
    assertEquals(host, read.host());
    assertEquals(port, read.port());
    assertEquals(text, read.toString());
    assertEquals(read, HostPort.of(host, port));
    assertEquals(read.hashCode(), HostPort.of(host, port).hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:x",
        "a:-1",
        "a b:1",
        "a:1:2",
        "fd79::2:29990",
        "fd79::2",
        "[fd79::2]",
        "[]:1",
        "[a]:1",
        "[fd79::2:1",
        "a]:1",
        "http://a:1",
        "a:00001x"
      })
  void shouldRefuseTheRest(String text) {
    assertEquals(Optional.empty(), HostPort.parse(text));
  }

  @Test
  void shouldKnowAddressesWithoutAskingAnybody() {
    assertTrue(HostPort.of("fd79::2", 1).address().isPresent());
    assertTrue(HostPort.of("[fd79::2]", 1).address().isPresent());
    assertTrue(HostPort.of("10.0.0.1", 1).address().isPresent());
    assertFalse(HostPort.of("worker-1", 1).address().isPresent());
    assertFalse(HostPort.of("10.0.0.1.example", 1).address().isPresent());
  }

  @Test
  void shouldCompareAddressesAsAddresses() {
    assertTrue(HostPort.isSameHost("fd79:0:0:0::2", "FD79::2"));
    assertTrue(HostPort.isSameHost("Worker-1", "worker-1"));
    assertFalse(HostPort.isSameHost("fd79::2", "fd79::3"));
    assertFalse(HostPort.isSameHost("worker-1", "worker-2"));
    assertFalse(HostPort.isSameHost("10.0.0.1", "worker-1"));
  }
}
