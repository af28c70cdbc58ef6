// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.NetworkConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of {@code bench scaleout}. Immutable. */
final class ScaleoutOptions {
  private static final long KILO = 1_000;
  private static final long MEGA = 1_000_000;
  private static final long SLOW_ORIGIN_BITS_PER_SECOND = 70 * MEGA;

  private final Set<ScaleoutCase> cases;
  private final Set<ScaleoutVariant> variants;
  private final int nodes;
  private final int shards;
  private final long modelBytes;
  private final long linkBitsPerSecond;
  private final long originBitsPerSecond;
  private final long connectionBytesPerSecond;
  private final long settleSeconds;

  private ScaleoutOptions(CommandLine line) throws ParseException {
    BenchFlags flags = new BenchFlags(line);
    nodes = (int) flags.number("n", 1, 0);
    shards = (int) flags.number("shards", 1, 4);
    modelBytes = flags.number("bytes", 1 << 20, 256 << 20);
    linkBitsPerSecond = flags.number("link-mbit", 1, 200) * MEGA;
    originBitsPerSecond = flags.number("origin-mbit", 0, 200) * MEGA;
    connectionBytesPerSecond = flags.number("connection-kbyte", 0, 0) * KILO;
    settleSeconds = flags.number("settle-seconds", 0, 5);
    variants =
        EnumSet.copyOf(flags.chosen("only", ScaleoutVariant.values(), ScaleoutVariant::flag));
    cases = EnumSet.copyOf(flags.chosen("case", ScaleoutCase.values(), ScaleoutCase::flag));
    boolean removed = cases.removeIf(which -> nodes < which.minNodes());
    if (removed && cases.isEmpty()) {
      throw new ParseException("--case " + line.getOptionValue("case") + " needs more nodes (-n)");
    }
  }

  /**
   * Reads the flags.
   *
   * @throws ParseException if a flag is missing or unknown, or its value is wrong
   */
  static ScaleoutOptions parse(String... args) throws ParseException {
    Options options = new Options();
    options.addRequiredOption("n", "nodes", true, "number of nodes");
    options.addOption(null, "bytes", true, "size of the model");
    options.addOption(null, "shards", true, "number of the model's files");
    options.addOption(null, "link-mbit", true, "link of each node, in each direction");
    options.addOption(null, "origin-mbit", true, "link of the origin; 0: no limit");
    options.addOption(null, "connection-kbyte", true, "a connection of the origin; 0: no limit");
    options.addOption(null, "case", true, "cold, warm, slow-origin, crash, download or all");
    options.addOption(null, "only", true, "mows, stock or download");
    options.addOption(null, "settle-seconds", true, "pause before each case");
    return new ScaleoutOptions(BenchFlags.parse(options, args));
  }

  /** All nodes, those that have the model already or are killed included. */
  int nodes() {
    return nodes;
  }

  int shards() {
    return shards;
  }

  long modelBytes() {
    return modelBytes;
  }

  long linkBitsPerSecond() {
    return linkBitsPerSecond;
  }

  /** The origin's link in a case; may be {@link NetworkConfig#UNLIMITED}. */
  long originBitsPerSecond(ScaleoutCase which) {
    return which == ScaleoutCase.SLOW_ORIGIN ? SLOW_ORIGIN_BITS_PER_SECOND : originBitsPerSecond;
  }

  /** What the origin gives one connection, per second; 0: it does not limit them. */
  long connectionBytesPerSecond() {
    return connectionBytesPerSecond;
  }

  /** The time that the model takes on the slower of a node's and the origin's link. */
  double boundSeconds(ScaleoutCase which, long bytes) {
    long origin = originBitsPerSecond(which);
    long slowest =
        origin == NetworkConfig.UNLIMITED ? linkBitsPerSecond : Math.min(linkBitsPerSecond, origin);
    return bytes * 8.0 / slowest;
  }

  long settleSeconds() {
    return settleSeconds;
  }

  /** The cases to measure on a variant; empty if none. */
  List<ScaleoutCase> casesOf(ScaleoutVariant variant) {
    return variants.contains(variant)
        ? cases.stream().filter(variant::has).collect(Collectors.toList())
        : List.of();
  }
}
