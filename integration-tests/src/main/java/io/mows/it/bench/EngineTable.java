// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.NetworkConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts the results of one workload side by side, with how much faster than stock they are. */
final class EngineTable {
  private static final String AIM = "aim";

  private final EngineWorkload workload;
  private final EngineOptions options;
  private final long modelBytes;
  private final EngineStart plain;
  private final List<EngineResult> results;

  /**
   * @param modelBytes of the weights
   * @param plain a start from a plain directory
   * @param results of any workload
   */
  EngineTable(
      EngineWorkload workload,
      EngineOptions options,
      long modelBytes,
      EngineStart plain,
      List<EngineResult> results) {
    this.workload = workload;
    this.options = options;
    this.modelBytes = modelBytes;
    this.plain = plain;
    this.results =
        results.stream()
            .filter(result -> result.workload() == workload)
            .collect(Collectors.toUnmodifiableList());
  }

  @Override
  public String toString() {
    List<String> columns =
        Arrays.stream(EngineVariant.values())
            .map(EngineVariant::title)
            .collect(Collectors.toCollection(ArrayList::new));
    columns.add(AIM);
    MarkdownTable table = new MarkdownTable(columns.toArray(new String[0]));
    for (EngineCase which : EngineCase.values()) {
      for (EngineResult result : results) {
        if (result.which() == which) {
          put(table, result);
        }
      }
      for (EngineVariant stock : List.of(EngineVariant.STOCK, EngineVariant.STOCK_EAGER)) {
        find(stock, which).ifPresent(base -> putSpeedUps(table, base));
      }
    }
    return caption() + "\n\n" + table;
  }

  private void put(MarkdownTable table, EngineResult result) {
    String column = result.variant().title();
    String row = row(result);
    if (!result.isRight()) {
      table.put(row, column, "FAILED on nodes " + result.problems().keySet());
      return;
    }
    if (result.isGivenUp()) {
      table.put(row, column, format("not done after %.0f s", result.seconds()));
      table.put(row + ": origin sent", column, format("%.1fx by then", result.originTimes()));
      return;
    }
    double load = result.loadSeconds();
    String rate = format("%.2f GB/s", modelBytes / load / 1e9);
    if (workload.isStartedBefore()) {
      table.put(row, column, format("%.2f s, %s", result.seconds(), rate));
    } else {
      table.put(row, column, format("%.1f s", result.seconds()));
      table.put(row + ": weights", column, format("%.2f s, %s", load, rate));
    }
    table.put(row + ": origin sent", column, format("%.2fx", result.originTimes()));
    table.put(row + ": processors busy", column, format("%.0f %%", result.busy() * 100));
  }

  private void putSpeedUps(MarkdownTable table, EngineResult base) {
    String row = row(base) + ": faster than " + base.variant().title();
    for (EngineResult result : results) {
      if (result.which() == base.which()
          && result.variant() != base.variant()
          && result.isRight()
          && !result.isGivenUp()) {
        table.put(row, result.variant().title(), speedUp(result, base));
      }
    }
    if (options.nodes(workload) >= base.which().nodesOfAim()) {
      table.put(row, AIM, base.which().aim());
    }
  }

  private String speedUp(EngineResult result, EngineResult base) {
    String least = base.isGivenUp() ? "more than " : "";
    String times = format("%s%.1f times", least, base.seconds() / result.seconds());
    if (workload.isStartedBefore() || base.isGivenUp()) {
      return times;
    }
    return times + format(", weights %.1f times", base.loadSeconds() / result.loadSeconds());
  }

  private Optional<EngineResult> find(EngineVariant variant, EngineCase which) {
    return results.stream()
        .filter(result -> result.variant() == variant && result.which() == which)
        .filter(EngineResult::isRight)
        .findFirst();
  }

  private String row(EngineResult result) {
    return result.which().title(options.nodes(workload));
  }

  private String caption() {
    return format(
        "%s: a model of %.2f GB, link of each node %s, of the origin %s%s: %.1f s for the model on the"
            + " slower one. Times are those of the slowest node, GB/s of the weights. From a plain"
            + " directory of this machine it takes %.2f s, its weights %.2f s. Processors busy: of all"
            + " processors, by whomever, to the end of the last process.",
        workload.title(),
        modelBytes / 1e9,
        link(options.linkBitsPerSecond()),
        link(options.originBitsPerSecond()),
        connections(),
        modelBytes * 8.0 / slowestLink(),
        plain.seconds(),
        plain.loadSeconds());
  }

  private String connections() {
    long bytesPerSecond = options.connectionBytesPerSecond();
    return bytesPerSecond == 0
        ? ""
        : format(" and %d MB/s for each connection", bytesPerSecond / 1_000_000);
  }

  private long slowestLink() {
    long origin = options.originBitsPerSecond();
    return origin == NetworkConfig.UNLIMITED
        ? options.linkBitsPerSecond()
        : Math.min(options.linkBitsPerSecond(), origin);
  }

  private static String link(long bitsPerSecond) {
    return bitsPerSecond == NetworkConfig.UNLIMITED
        ? "unlimited"
        : bitsPerSecond / 1_000_000 + " Mbit/s";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
