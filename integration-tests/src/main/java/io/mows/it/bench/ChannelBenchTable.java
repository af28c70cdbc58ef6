// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rounds of {@link ChannelBench} and what is printed of them. */
final class ChannelBenchTable {
  /** The channel must reach this share of the throughput of as many sockets of {@code store}. */
  private static final double BAR = 0.9;

  private static final String THROUGHPUT = "MB/s";
  private static final String SENDER = "sender, CPU s per GB";
  private static final String BUSIEST = "receiver's busiest I/O thread";
  private static final String RECEIVER = "receiver, CPU s per GB";
  private static final String PROCESSORS = "processors at work";

  private final long bytes;
  private final String title;
  private final Map<ChannelBenchMode, List<ChannelBenchRound>> rounds =
      new EnumMap<>(ChannelBenchMode.class);

  /**
   * @param bytes what each round transfers
   */
  ChannelBenchTable(long bytes, int rounds, int warmUpRounds) {
    this.bytes = bytes;
    this.title =
        format(
            "%d MiB from tmpfs to tmpfs over loopback, two JVMs; median of %d"
                + " rounds after %d to warm up, %d processors",
            bytes >> 20, rounds, warmUpRounds, Runtime.getRuntime().availableProcessors());
  }

  void add(ChannelBenchMode mode, ChannelBenchRound round) {
    rounds.computeIfAbsent(mode, m -> new ArrayList<>()).add(round);
  }

  @Override
  public String toString() {
    MarkdownTable table = new MarkdownTable(THROUGHPUT, SENDER, RECEIVER, PROCESSORS, BUSIEST);
    rounds.forEach(
        (mode, all) -> {
          Duration senderCpu = ChannelBenchRound.median(all, ChannelBenchRound::senderCpu);
          Duration receiverCpu = ChannelBenchRound.median(all, ChannelBenchRound::receiverCpu);
          table.put(mode.label(), THROUGHPUT, format("%.0f", bytes / 1e6 / seconds(mode)));
          table.put(mode.label(), SENDER, format("%.2f", perGb(senderCpu)));
          table.put(mode.label(), RECEIVER, format("%.2f", perGb(receiverCpu)));
          double atWork = seconds(senderCpu.plus(receiverCpu)) / seconds(mode);
          table.put(mode.label(), PROCESSORS, format("%.1f", atWork));
          double busiest =
              all.stream().mapToDouble(ChannelBenchRound::busiestThread).average().orElse(0);
          if (busiest > 0) {
            table.put(mode.label(), BUSIEST, format("%.0f %% of what they use", 100 * busiest));
          }
        });
    return title + "\n\n" + table + "\n" + shares();
  }

  private String shares() {
    StringBuilder text = new StringBuilder();
    text.append(share(ChannelBenchMode.CHANNEL, ChannelBenchMode.DROP));
    text.append(share(ChannelBenchMode.CHANNEL, ChannelBenchMode.STORE));
    text.append(share(ChannelBenchMode.CHANNEL_2, ChannelBenchMode.STORE_2));
    text.append(share(ChannelBenchMode.CHANNEL_4, ChannelBenchMode.STORE_4));
    text.append(share(ChannelBenchMode.TLS_2, ChannelBenchMode.TLS));
    if (rounds.containsKey(ChannelBenchMode.ALLUXIO)) {
      text.append(share(ChannelBenchMode.CHANNEL, ChannelBenchMode.ALLUXIO));
    }
    return text.toString();
  }

  private String share(ChannelBenchMode of, ChannelBenchMode beside) {
    double share = seconds(beside) / seconds(of);
    boolean isBar = beside.label().startsWith(ChannelBenchMode.STORE.label());
    String bar = format(" (bar %.2f, %s)", BAR, share >= BAR ? "reached" : "MISSED");
    return format("%s / %s: %.2f%s%n", of.label(), beside.label(), share, isBar ? bar : "");
  }

  /** What a round takes. */
  private double seconds(ChannelBenchMode mode) {
    return seconds(ChannelBenchRound.median(rounds.get(mode), ChannelBenchRound::elapsed));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private double perGb(Duration cpu) {
    return seconds(cpu) / (bytes / 1e9);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
