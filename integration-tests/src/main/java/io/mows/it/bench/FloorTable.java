// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Seconds of processor for each GB, of some rounds: what is printed is the median and the range.
 */
final class FloorTable {
  /** The rows that both alternatives have. */
  static final String ALL = "all";

  static final String SENDER = "sender";
  static final String RECEIVER = "receiver";
  static final String READER = "reader";
  static final String MACHINE = "the whole machine, others as well";

  private static final String FLOOR = "plain C";
  private static final String MOWS = "MoWS";

  private final Map<String, List<Double>> floor = new LinkedHashMap<>();
  private final Map<String, List<Double>> mows = new LinkedHashMap<>();

  void floor(String part, double secondsPerGb) {
    floor.computeIfAbsent(part, p -> new ArrayList<>()).add(secondsPerGb);
  }

  void mows(String part, double secondsPerGb) {
    mows.computeIfAbsent(part, p -> new ArrayList<>()).add(secondsPerGb);
  }

  /**
   * The rows in the order in which they were first added, and the ratio of one of them, which both
   * have.
   */
  String print(String ratioOf) {
    MarkdownTable table = new MarkdownTable(FLOOR, MOWS);
    mows.keySet().forEach(part -> table.put(part, MOWS, range(mows.get(part))));
    floor.keySet().forEach(part -> table.put(part, FLOOR, range(floor.get(part))));
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < mows.get(ratioOf).size(); round++) {
      ratios.add(mows.get(ratioOf).get(round) / floor.get(ratioOf).get(round));
    }
    return table + "\nMoWS / plain C, " + ratioOf + ": " + range(ratios) + "\n";
  }

  private static String range(List<Double> values) {
    List<Double> sorted = values.stream().sorted().collect(Collectors.toList());
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1));
  }

  /** Prints one round. */
  static void tell(String who, double gb, double passed, double used) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f GB in %.2f s = %.0f MB/s, %.2f s of processor for each GB%n",
        who,
        gb,
        passed,
        gb * 1e3 / passed,
        used / gb);
  }
}
