// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.Units;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The flags of {@code quickstart}; immutable. */
final class QuickstartOptions {
  private final long sizeBytes;
  private final Optional<Path> model;
  private final boolean keep;
  private final boolean compare;
  private final long linkBitsPerSecond;

  private QuickstartOptions(CommandLine flags) {
    this.sizeBytes = Units.parseBytes(flags.getOptionValue("size", "256MiB"));
    this.model =
        Optional.ofNullable(flags.getOptionValue("model"))
            .map(value -> Path.of(value).toAbsolutePath().normalize());
    this.keep = flags.hasOption("keep");
    this.compare = flags.hasOption("compare");
    this.linkBitsPerSecond =
        flags.hasOption("link")
            ? Units.parseBitsPerSecond(flags.getOptionValue("link"))
            : NetworkConfig.UNLIMITED;
    if (model.isPresent() && !Files.isDirectory(model.get())) {
      throw new IllegalArgumentException("--model: " + model.get() + " is not a directory");
    }
    if (keep && compare) {
      throw new IllegalArgumentException(
          "--keep and --compare exclude each other: stock Alluxio comes last, and is not kept");
    }
  }

  /**
   * Reads the flags.
   *
   * @return empty if help was asked for, and printed
   * @throws IllegalArgumentException if a flag is unknown, missing or wrong
   */
  static Optional<QuickstartOptions> parse(String[] args) {
    try {
      CommandLine flags = new DefaultParser().parse(options(), args, false);
      if (flags.hasOption("help")) {
        new HelpFormatter().printHelp(100, "quickstart [flags]", "", options(), "");
        return Optional.empty();
      }
      if (!flags.getArgList().isEmpty()) {
        throw new IllegalArgumentException("unknown argument " + flags.getArgList().get(0));
      }
      return Optional.of(new QuickstartOptions(flags));
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** The directory of a model to use instead of making one. */
  Optional<Path> model() {
    return model;
  }

  boolean keep() {
    return keep;
  }

  /** Whether stock Alluxio does the same steps at the end. */
  boolean compare() {
    return compare;
  }

  /** Limited links when a rate was given, else loopback. */
  NetworkConfig network() {
    return linkBitsPerSecond == NetworkConfig.UNLIMITED
        ? NetworkConfig.loopback()
        : NetworkConfig.namespaces()
            .withWorkerLink(linkBitsPerSecond)
            .withOriginLink(linkBitsPerSecond);
  }

  private static Options options() {
    Options options = new Options();
    options.addOption(null, "help", false, "print this");
    options.addOption(
        null, "compare", false, "the same steps on stock Alluxio at the end, which is slow");
    options.addOption(null, "keep", false, "leave the accelerated cluster up until Ctrl-C");
    options.addOption(null, "size", true, "size of the model that is made (256MiB)");
    options.addOption(null, "model", true, "a model directory with a crc32.txt, used instead");
    options.addOption(
        null, "link", true, "limit of every link, such as 1Gbit (root); default none");
    return options;
  }
}
