// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import com.google.common.net.InetAddresses;
import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import java.util.Optional;

/** How workers send each other pieces, checked. Immutable. */
public final class ChannelConf {
  private static final int MAX_PORT = (1 << 16) - 1;
  private static final int MAX_HOST_BYTES = 255;

  /** Two of the smallest pieces, one each way, would do; this is for a few. */
  private static final long MIN_RDMA_BYTES = 16L << 20;

  private static final long MAX_RDMA_BYTES = 64L << 30;

  private final ChannelChoice choice;
  private final String bindHost;
  private final int port;
  private final int connections;
  private final Optional<String> rdmaAddress;
  private final long rdmaMemoryBytes;

  private ChannelConf(
      ChannelChoice choice,
      String bindHost,
      int port,
      int connections,
      Optional<String> rdmaAddress,
      long rdmaMemoryBytes) {
    this.choice = choice;
    this.bindHost = bindHost;
    this.port = port;
    this.connections = connections;
    this.rdmaAddress = rdmaAddress;
    this.rdmaMemoryBytes = rdmaMemoryBytes;
  }

  static ChannelConf parse(ValueParser parser) {
    return new ChannelConf(
        parser.choice(MowsKey.CHANNEL, ChannelChoice.AUTO, ChannelChoice.TCP, ChannelChoice.RDMA),
        parser.name(MowsKey.DATA_BIND_HOST, MAX_HOST_BYTES, "0.0.0.0"),
        parser.integer(MowsKey.DATA_PORT, 1, MAX_PORT),
        parser.integer(MowsKey.DATA_CONNECTIONS, 1, ChannelSettings.MAX_CONNECTIONS_PER_PEER),
        rdmaAddress(parser),
        parser.bytes(MowsKey.RDMA_MEMORY, MIN_RDMA_BYTES, MAX_RDMA_BYTES));
  }

  /** An address and not a name: which device it belongs to must not depend on DNS. */
  private static Optional<String> rdmaAddress(ValueParser parser) {
    String value = parser.value(MowsKey.RDMA_ADDRESS);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!InetAddresses.isInetAddress(value) || value.contains(":")) {
      parser.mistake(
          MowsKey.RDMA_ADDRESS,
          "it must be an IPv4 address of this worker's RDMA device, such as 10.0.0.1; empty for"
              + " the first device that there is");
    }
    return Optional.of(value);
  }

  public ChannelChoice choice() {
    return choice;
  }

  /** The address of the RDMA device; empty for the first that there is. */
  public Optional<String> rdmaAddress() {
    return rdmaAddress;
  }

  /** What may be registered with the RDMA device, in all. */
  public long rdmaMemoryBytes() {
    return rdmaMemoryBytes;
  }

  /** The local address that peers are listened for on. */
  public String bindHost() {
    return bindHost;
  }

  /** Connections with one peer at most. */
  public int connections() {
    return connections;
  }

  /** The port that peers are listened for on. */
  public int port() {
    return port;
  }
}
