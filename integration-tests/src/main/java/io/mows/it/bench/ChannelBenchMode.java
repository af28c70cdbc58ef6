// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

/** What {@link ChannelBench} compares. */
enum ChannelBenchMode {
  DROP("drop", 1),
  STORE("store", 1),
  CHANNEL("channel", 1),
  STORE_2("store", 2),
  CHANNEL_2("channel", 2),
  STORE_4("store", 4),
  CHANNEL_4("channel", 4),
  TLS("channel, TLS", 1),
  TLS_2("channel, TLS", 2),
  ALLUXIO("alluxio", 1);

  private final String way;
  private final int connections;

  ChannelBenchMode(String way, int connections) {
    this.way = way;
    this.connections = connections;
  }

  String label() {
    return connections == 1 ? way : way + ", " + connections + " connections";
  }

  int connections() {
    return connections;
  }
}
