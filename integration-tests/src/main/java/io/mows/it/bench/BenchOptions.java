// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of a benchmark. Immutable. */
final class BenchOptions {
  private static final int ROUNDS = 2;

  private final CommandLine line;
  private final Map<String, Long> numbers;
  private final int usualLinkMbit;

  private BenchOptions(CommandLine line, Map<String, Long> numbers, int usualLinkMbit) {
    this.line = line;
    this.numbers = numbers;
    this.usualLinkMbit = usualLinkMbit;
  }

  /**
   * @param usualLinkMbit the link if no option gives one
   * @throws ParseException if an option is none, or its number is none
   */
  static BenchOptions parse(String[] args, int usualLinkMbit) throws ParseException {
    Options options = new Options();
    Map<String, String> numeric =
        Map.of(
            "bytes", "size of the model",
            "stock-default-bytes", "size of stock's cold model",
            "link-mbit", "link of the worker",
            "connection-mbyte", "what the origin gives one connection",
            "files", "how many small files",
            "flow-mbit", "what one connection gets of the link",
            "block-bytes", "size of a block at most",
            "rounds", "how often each is read");
    numeric.forEach((name, description) -> options.addOption(null, name, true, description));
    options.addOption(null, "only", true, "mows or stock");
    options.addOption(null, "hot-only", false, "no cold reads");
    options.addOption(null, "workers", true, "how the workers' JVMs are started");
    options.addOption(null, "java-options", true, "of workers that are \"given\"");
    CommandLine line = BenchFlags.parse(options, args);
    BenchFlags flags = new BenchFlags(line);
    Map<String, Long> numbers = new HashMap<>();
    for (String name : numeric.keySet()) {
      if (line.hasOption(name)) {
        numbers.put(name, flags.number(name, 0, 0));
      }
    }
    return new BenchOptions(line, numbers, usualLinkMbit);
  }

  long modelBytes() {
    return number("bytes", 1L << 30);
  }

  int files() {
    return (int) number("files", 2_000);
  }

  /** Of one small file. */
  int fileBytes() {
    return (int) number("bytes", 10 << 10);
  }

  long stockDefaultBytes() {
    return number("stock-default-bytes", 64L << 20);
  }

  long linkBitsPerSecond() {
    return number("link-mbit", usualLinkMbit) * 1_000_000;
  }

  /** The link, for people. */
  String linkName() {
    return linkBitsPerSecond() / 1_000_000 + " Mbit/s";
  }

  long connectionBytesPerSecond() {
    return number("connection-mbyte", 10) * 1_000_000;
  }

  long flowBitsPerSecond() {
    return number("flow-mbit", 100) * 1_000_000;
  }

  /** One for each file if no option says less. */
  long blockBytes() {
    return number("block-bytes", 16L << 30);
  }

  int rounds() {
    return rounds(ROUNDS);
  }

  int rounds(int otherwise) {
    return (int) number("rounds", otherwise);
  }

  boolean includes(String variant) {
    return line.getOptionValue("only", variant).equals(variant);
  }

  /** How the workers' JVMs are started: as an installation does if no option names ways. */
  Set<FreshVariant> workers() throws ParseException {
    Set<FreshVariant> chosen = EnumSet.noneOf(FreshVariant.class);
    String names = line.getOptionValue("workers", FreshVariant.INSTALLED.flag());
    for (String name : Splitter.on(',').split(names)) {
      chosen.addAll(FreshVariant.named("workers", name, line.hasOption("java-options")));
    }
    return chosen;
  }

  /** Of {@link FreshVariant#GIVEN}. */
  List<String> javaOptions() {
    return Splitter.on(' ').omitEmptyStrings().splitToList(line.getOptionValue("java-options", ""));
  }

  boolean hotOnly() {
    return line.hasOption("hot-only");
  }

  private long number(String option, long otherwise) {
    return numbers.getOrDefault(option, otherwise);
  }
}
