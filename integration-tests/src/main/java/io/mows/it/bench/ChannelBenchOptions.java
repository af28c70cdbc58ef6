// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * The arguments of {@link ChannelBench}: {@code --bytes 1073741824} (per round), {@code --rounds
 * 5}, {@code --without-alluxio}. Immutable.
 */
final class ChannelBenchOptions {
  private final long bytes;
  private final int rounds;
  private final boolean withAlluxio;

  private ChannelBenchOptions(long bytes, int rounds, boolean withAlluxio) {
    this.bytes = bytes;
    this.rounds = rounds;
    this.withAlluxio = withAlluxio;
  }

  static ChannelBenchOptions parse(String[] args) throws ParseException {
    Options options = new Options();
    options.addOption(null, "bytes", true, "what each round transfers");
    options.addOption(null, "rounds", true, "rounds that count");
    options.addOption(null, "without-alluxio", false, "start no cluster");
    CommandLine line = BenchFlags.parse(options, args);
    BenchFlags flags = new BenchFlags(line);
    return new ChannelBenchOptions(
        flags.number("bytes", 1, 1L << 30),
        (int) flags.number("rounds", 1, 5),
        !line.hasOption("without-alluxio"));
  }

  long bytes() {
    return bytes;
  }

  int rounds() {
    return rounds;
  }

  boolean withAlluxio() {
    return withAlluxio;
  }
}
