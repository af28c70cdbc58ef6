// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import java.util.List;
import java.util.stream.Collectors;

/** Puts the results of two runs of one scenario side by side, a row per step. */
final class StepsTable {
  private static final String SINGLE_ROW = "%-30s | %8s %8s %9s %9s%n";
  private static final String ROW = "%-30s | %8s %8s %9s %9s | %8s %8s %9s %9s%n";

  private StepsTable() {}

  /** The results of one run alone. */
  static String of(List<StepResult> mows) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(SINGLE_ROW, "Alluxio with MoWS", "seconds", "MB/s", "origin", "memory"));
    for (StepResult step : mows) {
      table.append(
          String.format(
              SINGLE_ROW,
              step.title(),
              String.format("%.1f", step.seconds()),
              String.format("%.0f", step.megabytesPerSecond()),
              bytes(step.originBytes()),
              bytes(step.memoryBytes())));
    }
    return table
        .append(String.format("%-30s | %s%n", "CRC32 of every file", verdict(mows)))
        .toString();
  }

  /** Both lists hold the results of the same steps in the same order. */
  static String of(List<StepResult> stock, List<StepResult> mows) {
    StringBuilder table = new StringBuilder();
    table.append(String.format("%-30s | %-37s | %s%n", "", "stock Alluxio", "with MoWS"));
    table.append(
        String.format(
            ROW, "", "seconds", "MB/s", "origin", "memory", "seconds", "MB/s", "origin", "memory"));
    for (int i = 0; i < stock.size(); i++) {
      table.append(row(stock.get(i), mows.get(i)));
    }
    table.append(
        String.format(
            "%-30s | %-37s | %s%n", "CRC32 of every file", verdict(stock), verdict(mows)));
    return table.toString();
  }

  /** A number of bytes for people, in powers of ten like the rates beside it. */
  static String bytes(long count) {
    if (count < 1_000_000) {
      return count < 1_000 ? count + " B" : Math.round(count / 1e3) + " kB";
    }
    return count < 10_000_000_000L
        ? Math.round(count / 1e6) + " MB"
        : String.format("%.1f GB", count / 1e9);
  }

  private static String row(StepResult stock, StepResult mows) {
    return String.format(
        ROW,
        stock.title(),
        String.format("%.1f", stock.seconds()),
        String.format("%.0f", stock.megabytesPerSecond()),
        bytes(stock.originBytes()),
        bytes(stock.memoryBytes()),
        String.format("%.1f", mows.seconds()),
        String.format("%.0f", mows.megabytesPerSecond()),
        bytes(mows.originBytes()),
        bytes(mows.memoryBytes()));
  }

  private static String verdict(List<StepResult> results) {
    List<String> problems =
        results.stream().flatMap(result -> result.problems().stream()).collect(Collectors.toList());
    return problems.isEmpty() ? "match crc32.txt" : problems.size() + " WRONG";
  }
}
