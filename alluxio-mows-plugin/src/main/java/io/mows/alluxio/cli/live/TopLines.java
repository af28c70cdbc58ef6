// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.TextTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of {@code TopScreen} as they grow, and how figures stand in them. For one thread. */
final class TopLines {
  /** So many rows of each table are shown. */
  static final int ROWS = 10;

  /** In permille. */
  static final int FULL = 1_000;

  private static final int BAR_CHARS = 20;

  private final JsonNode cluster;
  private final List<String> lines = new ArrayList<>();

  TopLines(JsonNode cluster) {
    this.cluster = cluster;
  }

  List<String> all() {
    return lines;
  }

  void add(String line) {
    lines.add(line);
  }

  /**
   * Adds a table, if it has a row.
   *
   * @param count how many rows there are, also of those that are not in it
   */
  void add(TextTable table, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), "");
    String text = bytes.toString(StandardCharsets.UTF_8);
    if (text.isBlank()) {
      return;
    }
    lines.add("");
    text.lines().forEach(lines::add);
    more(count - ROWS);
  }

  /** Says that so many are not shown, if any. */
  void more(int count) {
    if (count > 0) {
      lines.add("  and " + count + " more");
    }
  }

  /** The name of a worker that the answer names by its number. */
  String worker(JsonNode index) {
    return cluster.at("/workers/" + index.asInt() + "/worker").asText();
  }

  static String rate(long bytesPerSecond) {
    return bytesPerSecond > 0 ? getSizeFromBytes(bytesPerSecond) + "/s" : "-";
  }

  static String percent(long permille) {
    return permille / 10 + "." + permille % 10;
  }

  /** All of it looks full only if it is. */
  static String bar(long permille) {
    int filled = (int) (BAR_CHARS * permille / FULL);
    return "[" + "#".repeat(filled) + ".".repeat(BAR_CHARS - filled) + "]";
  }
}
