// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Numbers and choices of a command line, each checked when it is asked for. Immutable. */
final class BenchFlags {
  private static final String ALL = "all";

  private final CommandLine line;

  BenchFlags(CommandLine line) {
    this.line = line;
  }

  /**
   * What a command line says.
   *
   * @throws BenchHelp if it asks which options there are
   * @throws ParseException if an option is missing or unknown
   */
  static CommandLine parse(Options options, String... args) throws ParseException {
    if (Arrays.asList(args).contains(BenchHelp.FLAG)) {
      throw new BenchHelp(options);
    }
    CommandLine line = new DefaultParser().parse(options, args, false);
    if (!line.getArgList().isEmpty()) {
      throw new ParseException("no option is called " + line.getArgList().get(0));
    }
    return line;
  }

  /**
   * A number.
   *
   * @throws ParseException if it is none, or too small
   */
  long number(String option, long least, long otherwise) throws ParseException {
    String value = line.getOptionValue(option, Long.toString(otherwise));
    try {
      long number = Long.parseLong(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is too small.
    }
    throw new ParseException("--" + option + " " + value + ": use a number from " + least + " up");
  }

  /**
   * The value that is named, or every one if none is.
   *
   * @throws ParseException if there is no value of that name
   */
  <T> List<T> chosen(String option, T[] all, Function<T, String> flag) throws ParseException {
    String name = line.getOptionValue(option, ALL);
    List<T> found =
        Arrays.stream(all)
            .filter(value -> name.equals(ALL) || name.equals(flag.apply(value)))
            .collect(Collectors.toList());
    if (found.isEmpty()) {
      String names = Arrays.stream(all).map(flag).collect(Collectors.joining(", "));
      throw new ParseException("--" + option + " " + name + " is none of " + names + ", " + ALL);
    }
    return found;
  }
}
