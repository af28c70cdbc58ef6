// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows what the data channel does, as metrics. */
public final class ChannelMetrics {
  private ChannelMetrics() {}

  /**
   * @param stats asked at each reading, on any thread; empty if nothing is shared
   */
  public static void register(Supplier<Optional<ChannelStats>> stats) {
    gauge("BytesToPeers", stats, ChannelCount.BYTES_SENT);
    gauge("PiecesToPeers", stats, ChannelCount.PIECES_SENT);
    gauge("PiecesCorrupt", stats, ChannelCount.PIECES_CORRUPT);
    gauge("RdmaBytesToPeers", stats, ChannelCount.RDMA_BYTES_SENT);
    gauge("RdmaBytesFromPeers", stats, ChannelCount.RDMA_BYTES_RECEIVED);
    gauge("RdmaFallbacks", stats, ChannelCount.RDMA_FALLBACKS);
    gauge("RdmaTurnedOff", stats, ChannelCount.RDMA_TURNED_OFF);
    MowsMetrics.gauge("PeersConnected", () -> stats.get().map(ChannelMetrics::peers).orElse(0L));
    gauge("PeerConnectionsExtra", stats, ChannelCount.LANES_OPEN);
    gauge("Strangers", stats, ChannelCount.STRANGERS);
    MowsMetrics.gauge("PeersRejected", () -> stats.get().map(ChannelMetrics::rejected).orElse(0L));
  }

  private static void gauge(
      String name, Supplier<Optional<ChannelStats>> stats, ChannelCount count) {
    MowsMetrics.gauge(name, () -> stats.get().map(s -> s.count(count)).orElse(0L));
  }

  private static long peers(ChannelStats stats) {
    return stats.count(ChannelCount.CONNECTIONS_OPEN) - stats.count(ChannelCount.LANES_OPEN);
  }

  /** Connections that ended because the peer broke the protocol or could not prove who it is. */
  private static long rejected(ChannelStats stats) {
    long count = 0;
    for (CloseReason reason : CloseReason.values()) {
      count += reason.isPeersFault() ? stats.closes(reason) : 0;
    }
    return count;
  }
}
