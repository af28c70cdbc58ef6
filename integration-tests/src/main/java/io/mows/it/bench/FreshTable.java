// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Medians of what was measured in some rounds, with the least and the most. Not thread-safe. */
final class FreshTable {
  private static final String AIM = "aim";

  private final List<String> columns;
  private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
  private final Map<String, String> aims = new LinkedHashMap<>();

  /**
   * @param variants the columns
   */
  FreshTable(List<String> variants) {
    columns = List.copyOf(variants);
  }

  void add(String row, String variant, double value) {
    rows.computeIfAbsent(row, r -> new LinkedHashMap<>())
        .computeIfAbsent(variant, v -> new ArrayList<>())
        .add(value);
  }

  void aim(String row, String aim) {
    aims.put(row, aim);
  }

  private static String cell(List<Double> values) {
    List<Double> sorted = values.stream().sorted().collect(Collectors.toList());
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    if (sorted.size() == 1) {
      return String.format(Locale.ROOT, "%.2f", median);
    }
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  @Override
  public String toString() {
    List<String> titles = new ArrayList<>(columns);
    if (!aims.isEmpty()) {
      titles.add(AIM);
    }
    MarkdownTable table = new MarkdownTable(titles.toArray(new String[0]));
    rows.forEach(
        (row, byVariant) -> {
          byVariant.forEach((variant, values) -> table.put(row, variant, cell(values)));
          if (aims.containsKey(row)) {
            table.put(row, AIM, aims.get(row));
          }
        });
    return table.toString();
  }
}
