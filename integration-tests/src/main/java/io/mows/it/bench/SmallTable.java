// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Medians of the times of some variants, and how many times as long as the last variant each other
 * one took. Not thread-safe.
 */
final class SmallTable {
  private final List<String> variants;
  private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();

  SmallTable(String... variants) {
    this.variants = List.of(variants);
  }

  void add(String row, String variant, double ms) {
    rows.computeIfAbsent(row, r -> new LinkedHashMap<>())
        .computeIfAbsent(variant, v -> new ArrayList<>())
        .add(ms);
  }

  private static List<Double> sorted(List<Double> times) {
    return times.stream().sorted().collect(Collectors.toList());
  }

  private static double median(List<Double> times) {
    return sorted(times).get(times.size() / 2);
  }

  private static String cell(List<Double> times) {
    List<Double> sorted = sorted(times);
    return String.format(
        Locale.ROOT,
        "%.0f ms (%.0f to %.0f)",
        median(times),
        sorted.get(0),
        sorted.get(sorted.size() - 1));
  }

  @Override
  public String toString() {
    String last = variants.get(variants.size() - 1);
    List<String> columns = new ArrayList<>(variants);
    for (String other : variants.subList(0, variants.size() - 1)) {
      columns.add(ratio(other, last));
    }
    MarkdownTable table = new MarkdownTable(columns.toArray(new String[0]));
    rows.forEach(
        (row, byVariant) -> {
          byVariant.forEach((variant, times) -> table.put(row, variant, cell(times)));
          for (String other : variants.subList(0, variants.size() - 1)) {
            if (byVariant.containsKey(other) && byVariant.containsKey(last)) {
              double times = median(byVariant.get(other)) / median(byVariant.get(last));
              table.put(row, ratio(other, last), String.format(Locale.ROOT, "%.1f", times));
            }
          }
        });
    return table.toString();
  }

  private static String ratio(String other, String last) {
    return other + " / " + last;
  }
}
