// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * The arguments of {@link ChannelBench}: {@code --bytes 1073741824} (per round), {@code --rounds
 * 5}, {@code --without-alluxio}. Immutable.
 */
final class ChannelBenchOptions {
  private final CommandLine line;

  private ChannelBenchOptions(CommandLine line) {
    this.line = line;
  }

  static ChannelBenchOptions parse(String[] args) throws ParseException {
    Options options = new Options();
    options.addOption(null, "bytes", true, "what each round transfers");
    options.addOption(null, "rounds", true, "rounds that count");
    options.addOption(null, "without-alluxio", false, "start no cluster");
    return new ChannelBenchOptions(new DefaultParser().parse(options, args));
  }

  long bytes() {
    return Long.parseLong(line.getOptionValue("bytes", "1073741824"));
  }

  int rounds() {
    return Integer.parseInt(line.getOptionValue("rounds", "5"));
  }

  boolean withAlluxio() {
    return !line.hasOption("without-alluxio");
  }
}
