// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

/** Where bytes came from or went to, as workers count them. */
public enum ByteSource {
  ORIGIN("fromOrigin", "BytesFromOrigin", "FROM ORIGIN"),
  PEERS("fromPeers", "BytesFromPeers", "FROM PEERS"),
  WARMUP("fromWarmup", "BytesFromWarmup", "FROM WARM-UP"),
  MEMORY("servedMemory", "BytesServedMemory", "SERVED FROM MEMORY"),
  TO_PEERS("toPeers", "BytesToPeers", "TO PEERS");

  private final String jsonName;
  private final String metric;
  private final String title;

  ByteSource(String jsonName, String metric, String title) {
    this.jsonName = jsonName;
    this.metric = metric;
    this.title = title;
  }

  public String jsonName() {
    return jsonName;
  }

  /** The name of the counter behind {@link WorkerMetrics#PREFIX}. */
  String metric() {
    return metric;
  }

  public String title() {
    return title;
  }
}
