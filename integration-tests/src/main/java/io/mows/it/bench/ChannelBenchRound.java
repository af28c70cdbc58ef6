// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One transfer of the whole file. Immutable. */
final class ChannelBenchRound {
  private final Duration elapsed;
  private final Duration senderCpu;
  private final Duration receiverCpu;
  private final double busiestThread;

  /**
   * @param busiestThread its share of what the receiver's I/O threads have used, 0 to 1
   */
  ChannelBenchRound(
      Duration elapsed, Duration senderCpu, Duration receiverCpu, double busiestThread) {
    this.elapsed = elapsed;
    this.senderCpu = senderCpu;
    this.receiverCpu = receiverCpu;
    this.busiestThread = busiestThread;
  }

  Duration elapsed() {
    return elapsed;
  }

  Duration senderCpu() {
    return senderCpu;
  }

  Duration receiverCpu() {
    return receiverCpu;
  }

  double busiestThread() {
    return busiestThread;
  }

  static Duration median(
      List<ChannelBenchRound> rounds, Function<ChannelBenchRound, Duration> figure) {
    List<Duration> sorted = rounds.stream().map(figure).sorted().collect(Collectors.toList());
    return sorted.get(sorted.size() / 2);
  }
}
