// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Markdown table that is filled cell by cell. */
final class MarkdownTable {
  private final List<String> columns;
  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

  MarkdownTable(String... columns) {
    this.columns = List.of(columns);
  }

  void put(String row, String column, String value) {
    if (!columns.contains(column)) {
      throw new IllegalArgumentException("No column " + column);
    }
    rows.computeIfAbsent(row, r -> new LinkedHashMap<>()).put(column, value);
  }

  @Override
  public String toString() {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(columns);
    lines.add(head);
    rows.forEach(
        (row, cells) -> {
          List<String> line = new ArrayList<>(List.of(row));
          columns.forEach(column -> line.add(cells.getOrDefault(column, "-")));
          lines.add(line);
        });
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append("| ").append(String.join(" | ", lines.get(i))).append(" |\n");
      if (i == 0) {
        text.append("|---".repeat(head.size())).append("|\n");
      }
    }
    return text.toString();
  }
}
