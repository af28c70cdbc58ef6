// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Times of two ways to read and the ratio of their best: what takes longer than its best was
 * disturbed. Not thread-safe.
 */
final class OpenRatios {
  private final double gigabytes;
  private final String before;
  private final String after;
  private final String ratio;
  private final Map<String, Map<String, Double>> best = new LinkedHashMap<>();

  OpenRatios(long modelBytes, String before, String after, String ratio) {
    this.gigabytes = modelBytes / 1e9;
    this.before = before;
    this.after = after;
    this.ratio = ratio;
  }

  /** One read in a way, {@code before} or {@code after}. */
  void add(String row, String way, double seconds, double processorSeconds) {
    keep(row + ": s", way, seconds);
    keep(row + ": mount's processor, s per GB", way, processorSeconds / gigabytes);
  }

  private void keep(String row, String way, double value) {
    best.computeIfAbsent(row, r -> new TreeMap<>()).merge(way, value, Math::min);
  }

  @Override
  public String toString() {
    MarkdownTable table = new MarkdownTable(before, after, ratio);
    best.forEach(
        (row, values) -> {
          values.forEach((way, value) -> table.put(row, way, twoDigits(value)));
          if (values.size() == 2) {
            table.put(row, ratio, twoDigits(values.get(after) / values.get(before)));
          }
        });
    return table.toString();
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
