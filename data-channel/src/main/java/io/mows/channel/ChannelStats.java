// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.Map;
import java.util.Set;

/** What a {@link DataChannel} did until now. Immutable. */
public final class ChannelStats {
  private final Map<ChannelCount, Long> counts;
  private final Map<CloseReason, Long> closes;
  private final Map<RefusalReason, Long> refusals;
  private final Set<String> olderPeers;

  /**
   * @param olderPeers see {@link #olderPeers}
   */
  public ChannelStats(
      Map<ChannelCount, Long> counts,
      Map<CloseReason, Long> closes,
      Map<RefusalReason, Long> refusals,
      Set<String> olderPeers) {
    this.counts = Map.copyOf(counts);
    this.closes = Map.copyOf(closes);
    this.refusals = Map.copyOf(refusals);
    this.olderPeers = Set.copyOf(olderPeers);
  }

  public long count(ChannelCount count) {
    return counts.getOrDefault(count, 0L);
  }

  /** Connections that ended for {@code reason}, those that never authenticated included. */
  public long closes(CloseReason reason) {
    return closes.getOrDefault(reason, 0L);
  }

  /** Requests of peers that were refused for {@code reason}. */
  public long refusals(RefusalReason reason) {
    return refusals.getOrDefault(reason, 0L);
  }

  /**
   * Who runs a release that does not say to which cluster it belongs, and shares nothing with this
   * process for that. Nobody has proven that this is what he is called.
   */
  public Set<String> olderPeers() {
    return olderPeers;
  }

  @Override
  public String toString() {
    return "counts "
        + counts
        + ", closes "
        + closes
        + ", refusals "
        + refusals
        + ", older peers "
        + olderPeers;
  }
}
