// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of {@code bench fresh}. Immutable. */
final class FreshOptions {
  private final Set<FreshRow> rows;
  private final Set<FreshVariant> variants;
  private final int rounds;
  private final long settleSeconds;
  private final boolean showsThreads;
  private final List<String> javaOptions;

  private FreshOptions(CommandLine line) throws ParseException {
    BenchFlags flags = new BenchFlags(line);
    rows = EnumSet.copyOf(flags.chosen("row", FreshRow.values(), FreshRow::flag));
    rounds = (int) flags.number("rounds", 1, 3);
    settleSeconds = flags.number("settle-seconds", 0, 5);
    showsThreads = line.hasOption("threads");
    javaOptions =
        Splitter.on(' ').omitEmptyStrings().splitToList(line.getOptionValue("java-options", ""));
    Set<FreshVariant> chosen = EnumSet.noneOf(FreshVariant.class);
    for (String name : Splitter.on(',').split(line.getOptionValue("only", "all"))) {
      chosen.addAll(FreshVariant.named("only", name, !javaOptions.isEmpty()));
    }
    variants = chosen;
  }

  /**
   * Reads the flags.
   *
   * @throws ParseException if a flag is unknown, or its value is wrong
   */
  static FreshOptions parse(String... args) throws ParseException {
    Options options = new Options();
    options.addOption(null, "row", true, "cold-1, cold-6, warm-5 or all");
    options.addOption(null, "only", true, "variants, separated by commas");
    options.addOption(null, "rounds", true, "how often each is started and read");
    options.addOption(null, "settle-seconds", true, "pause before each read");
    options.addOption(null, "threads", false, "which threads use the processor");
    options.addOption(null, "java-options", true, "those of a variant \"given\"");
    return new FreshOptions(BenchFlags.parse(options, args));
  }

  List<FreshRow> rows() {
    return new ArrayList<>(rows);
  }

  List<FreshVariant> variants() {
    return new ArrayList<>(variants);
  }

  int rounds() {
    return rounds;
  }

  /** Between the start of the processes and the first open. */
  long settleSeconds() {
    return settleSeconds;
  }

  /** Whether each read is followed by what the threads of its workers used. */
  boolean showsThreads() {
    return showsThreads;
  }

  /** Of {@link FreshVariant#GIVEN}. */
  List<String> javaOptions() {
    return javaOptions;
  }
}
