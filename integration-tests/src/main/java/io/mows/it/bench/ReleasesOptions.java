// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of {@code bench releases}. Immutable. */
final class ReleasesOptions {
  private static final long MEGA = 1_000_000;

  private final Path older;
  private final int rounds;
  private final int nodes;
  private final long modelBytes;
  private final long linkBitsPerSecond;

  private ReleasesOptions(CommandLine line) throws ParseException {
    BenchFlags flags = new BenchFlags(line);
    older = Path.of(line.getOptionValue("older"));
    rounds = (int) flags.number("rounds", 1, 4);
    nodes = (int) flags.number("n", 2, 4);
    modelBytes = flags.number("bytes", 1 << 20, 256 << 20);
    linkBitsPerSecond = flags.number("link-mbit", 1, 200) * MEGA;
  }

  /**
   * Reads the flags.
   *
   * @throws ParseException if a flag is missing or unknown, or its value is wrong
   */
  static ReleasesOptions parse(String... args) throws ParseException {
    Options options = new Options();
    options.addRequiredOption(null, "older", true, "the jar of an older release");
    options.addOption(null, "rounds", true, "how often each is measured");
    options.addOption("n", "nodes", true, "number of nodes");
    options.addOption(null, "bytes", true, "size of the model");
    options.addOption(null, "link-mbit", true, "link of each node and of the origin");
    return new ReleasesOptions(BenchFlags.parse(options, args));
  }

  Path older() {
    return older;
  }

  int rounds() {
    return rounds;
  }

  int nodes() {
    return nodes;
  }

  long modelBytes() {
    return modelBytes;
  }

  long linkBitsPerSecond() {
    return linkBitsPerSecond;
  }

  /** The time that the model takes on one link. */
  double boundSeconds() {
    return modelBytes * 8.0 / linkBitsPerSecond;
  }
}
