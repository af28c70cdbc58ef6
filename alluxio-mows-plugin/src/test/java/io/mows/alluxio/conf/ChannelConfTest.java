// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static io.mows.alluxio.conf.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelConfTest {
  private static final String CHANNEL = "alluxio.mows.channel";
  private static final String RDMA_ADDRESS = "alluxio.mows.rdma.address";
  private static final String RDMA_MEMORY = "alluxio.mows.rdma.memory";
  private static final String PORT = "alluxio.mows.data.port";
  private static final String CONNECTIONS = "alluxio.mows.data.connections";
  private static final String BIND_HOST = "alluxio.mows.data.bind.host";

  private static ChannelConf of(String key, String value) {
    return MowsConf.of(Map.of(key, value)).channel();
  }

  @Test
  void shouldWorkWithNothingSet() {
    ChannelConf conf = MowsConf.of(Map.of()).channel();
    assertEquals(ChannelChoice.AUTO, conf.choice());
    assertEquals(ChannelSettings.DEFAULT_PORT, conf.port());
    assertEquals("0.0.0.0", conf.bindHost());
  }

  @ParameterizedTest
  @CsvSource({"auto,AUTO", "tcp,TCP", "' TCP ',TCP", "rdma,RDMA"})
  void shouldReadChannels(String value, ChannelChoice choice) {
    assertEquals(choice, of(CHANNEL, value).choice());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "udp", "tcp,rdma"})
  void shouldRefuseOtherChannels(String value) {
    assertRefused(CHANNEL, value, "auto or tcp or rdma");
  }

  @Test
  void shouldReadTheRdmaDevice() {
    assertEquals(Optional.empty(), MowsConf.of(Map.of()).channel().rdmaAddress());
    assertEquals(Optional.of("10.0.0.1"), of(RDMA_ADDRESS, " 10.0.0.1 ").rdmaAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"eth1", "::1", "10.0.0", "10.0.0.1:5"})
  void shouldRefuseOtherRdmaDevices(String value) {
    assertRefused(RDMA_ADDRESS, value, "it must be an IPv4 address of this worker's RDMA device");
  }

  @ParameterizedTest
  @CsvSource({"16MB,16777216", "256MB,268435456", "64GB,68719476736"})
  void shouldReadTheRdmaMemory(String value, long bytes) {
    assertEquals(bytes, of(RDMA_MEMORY, value).rdmaMemoryBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15MB", "65GB", "much"})
  void shouldRefuseOtherRdmaMemory(String value) {
    assertRefused(RDMA_MEMORY, value, "it must be a size from 16MB to 65536MB");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "8,8", "64,64"})
  void shouldReadHowManyConnectionsThereMayBe(String value, int connections) {
    assertEquals(connections, of(CONNECTIONS, value).connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65", "many"})
  void shouldRefuseOtherNumbersOfConnections(String value) {
    assertRefused(CONNECTIONS, value, "a whole number from 1 to 64");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "29991,29991", "65535,65535"})
  void shouldReadPorts(String value, int port) {
    assertEquals(port, of(PORT, value).port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "0", "65536", "http"})
  void shouldRefuseOtherPorts(String value) {
    assertRefused(PORT, value, "a whole number from 1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "eth1.worker-3", "::"})
  void shouldReadTheHostToListenOn(String value) {
    assertEquals(value, of(BIND_HOST, value).bindHost());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.1 10.0.0.2"})
  void shouldRefuseWhatIsNoHost(String value) {
    assertRefused(BIND_HOST, value, "no white space, such as 0.0.0.0");
  }
}
