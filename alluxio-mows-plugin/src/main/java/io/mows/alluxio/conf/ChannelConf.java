// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import io.mows.channel.ChannelChoice;

/** How workers send each other pieces, checked. Immutable. */
public final class ChannelConf {
  private static final int MAX_PORT = (1 << 16) - 1;
  private static final int MAX_HOST_BYTES = 255;

  private final ChannelChoice choice;
  private final String bindHost;
  private final int port;

  private ChannelConf(ChannelChoice choice, String bindHost, int port) {
    this.choice = choice;
    this.bindHost = bindHost;
    this.port = port;
  }

  static ChannelConf parse(ValueParser parser) {
    return new ChannelConf(
        choice(parser),
        parser.name(MowsKey.DATA_BIND_HOST, MAX_HOST_BYTES, "0.0.0.0"),
        parser.integer(MowsKey.DATA_PORT, 1, MAX_PORT));
  }

  private static ChannelChoice choice(ValueParser parser) {
    if (parser.value(MowsKey.CHANNEL).equalsIgnoreCase(ChannelChoice.RDMA.providerName())) {
      parser.mistake(
          MowsKey.CHANNEL, "this version of MoWS has no RDMA channel; set it to auto or tcp");
      return ChannelChoice.AUTO;
    }
    return parser.choice(MowsKey.CHANNEL, ChannelChoice.AUTO, ChannelChoice.TCP);
  }

  public ChannelChoice choice() {
    return choice;
  }

  /** The local address that peers are listened for on. */
  public String bindHost() {
    return bindHost;
  }

  /** The port that peers are listened for on. */
  public int port() {
    return port;
  }
}
