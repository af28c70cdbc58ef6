// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of {@code bench warmup}. Immutable. */
final class WarmupOptions {
  private static final long MEGA = 1_000_000;

  private final int readers;
  private final long modelBytes;
  private final long linkBitsPerSecond;
  private final long originBitsPerSecond;

  private WarmupOptions(CommandLine line) throws ParseException {
    BenchFlags flags = new BenchFlags(line);
    readers = (int) flags.number("readers", 1, 6);
    modelBytes = flags.number("bytes", 1, 256 << 20);
    linkBitsPerSecond = flags.number("link-mbit", 1, 240) * MEGA;
    originBitsPerSecond = flags.number("origin-mbit", 1, 60) * MEGA;
  }

  /**
   * Reads the flags.
   *
   * @throws ParseException if a flag is unknown or its value is wrong
   */
  static WarmupOptions parse(String... args) throws ParseException {
    Options options = new Options();
    options.addOption(null, "readers", true, "instances that start at once");
    options.addOption(null, "bytes", true, "size of the model");
    options.addOption(null, "link-mbit", true, "link of each node, in each direction");
    options.addOption(null, "origin-mbit", true, "link of the origin");
    return new WarmupOptions(BenchFlags.parse(options, args));
  }

  /** Instances that start at once; one more has the model. */
  int readers() {
    return readers;
  }

  long modelBytes() {
    return modelBytes;
  }

  long linkBitsPerSecond() {
    return linkBitsPerSecond;
  }

  long originBitsPerSecond() {
    return originBitsPerSecond;
  }

  /** What the model takes on a node's link. */
  double linkSeconds() {
    return modelBytes * 8.0 / linkBitsPerSecond;
  }

  /** What the model takes on the origin's link. */
  double originSeconds() {
    return modelBytes * 8.0 / originBitsPerSecond;
  }
}
