// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.NetworkConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts the results of {@code bench scaleout} side by side, with the bars that MoWS has to reach.
 */
final class ScaleoutTable {
  private static final String BAR = "bar for MoWS";
  private static final String REACHED = "reached";
  private static final double MIN_SPEED_UP = 8;
  private static final int SPEED_UP_NODES = 12;

  private final ScaleoutOptions options;
  private final List<ScaleoutResult> results;

  ScaleoutTable(ScaleoutOptions options, List<ScaleoutResult> results) {
    this.options = options;
    this.results = List.copyOf(results);
  }

  @Override
  public String toString() {
    MarkdownTable table =
        new MarkdownTable(
            ScaleoutVariant.MOWS.title(),
            ScaleoutVariant.STOCK.title(),
            ScaleoutVariant.DOWNLOAD.title(),
            BAR,
            REACHED);
    for (ScaleoutResult result : results) {
      String row = row(result.which());
      table.put(row, result.variant().title(), result.toString());
      if (result.variant() == ScaleoutVariant.MOWS) {
        table.put(row, BAR, result.which().bar());
        if (result.which().isSetFor(options.nodes())) {
          table.put(row, REACHED, yesOrNo(result.isReached()));
        }
      }
    }
    putSpeedUp(table);
    return caption() + "\n\n" + table;
  }

  /** How much earlier the slowest node has the model than with the plain download. */
  private void putSpeedUp(MarkdownTable table) {
    Optional<ScaleoutResult> mows = find(ScaleoutVariant.MOWS, ScaleoutCase.COLD);
    Optional<ScaleoutResult> download = find(ScaleoutVariant.DOWNLOAD, ScaleoutCase.DOWNLOAD);
    if (mows.isEmpty() || download.isEmpty()) {
      return;
    }
    double times = download.get().slowestSeconds() / mows.get().slowestSeconds();
    String row = "cold, faster than the plain download";
    table.put(row, ScaleoutVariant.MOWS.title(), format("%.1f times", times));
    if (options.nodes() >= SPEED_UP_NODES) {
      String bar = format("at least %.0f times (set for N = %d)", MIN_SPEED_UP, SPEED_UP_NODES);
      table.put(row, BAR, bar);
      table.put(row, REACHED, yesOrNo(times >= MIN_SPEED_UP));
    }
  }

  private Optional<ScaleoutResult> find(ScaleoutVariant variant, ScaleoutCase which) {
    return results.stream()
        .filter(result -> result.variant() == variant && result.which() == which)
        .filter(ScaleoutResult::isRight)
        .findFirst();
  }

  private String caption() {
    return format(
        "N = %d nodes, a model of %d MiB in %d files, link of each node %s, of the origin %s. Time"
            + " of the slowest node; \"x\" is times what the model takes on the slowest link, and"
            + " for the origin times the model's bytes.",
        options.nodes(),
        options.modelBytes() >> 20,
        options.shards(),
        link(options.linkBitsPerSecond()),
        link(options.originBitsPerSecond(ScaleoutCase.COLD)));
  }

  private String row(ScaleoutCase which) {
    int nodes = options.nodes();
    switch (which) {
      case WARM:
        return format("one of %d has it, the other %d read at once", nodes, nodes - 1);
      case SLOW_ORIGIN:
        return format(
            "cold, all %d at once, origin %s", nodes, link(options.originBitsPerSecond(which)));
      case CRASH:
        return format("cold, all %d at once, %d killed half-way", nodes, ScaleoutCase.KILLED);
      case COLD:
      case DOWNLOAD:
        return format("cold, all %d at once", nodes);
    }
    throw new AssertionError(which);
  }

  private static String link(long bitsPerSecond) {
    return bitsPerSecond == NetworkConfig.UNLIMITED
        ? "unlimited"
        : bitsPerSecond / 1_000_000 + " Mbit/s";
  }

  private static String yesOrNo(boolean reached) {
    return reached ? "yes" : "NO";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
