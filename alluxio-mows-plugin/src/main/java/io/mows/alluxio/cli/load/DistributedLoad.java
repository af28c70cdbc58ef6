// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.load;

import alluxio.AlluxioURI;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.FormatUtils;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * What {@code alluxio fs distributedLoad} did in Alluxio 2.8, by the load jobs that took its place:
 * one copy of each block, spread over the workers. Files that Alluxio has not seen are loaded, too.
 */
public final class DistributedLoad {
  public static final String USAGE =
      "distributedLoad [--async] [--index] [--replication <num>] [--active-jobs <num>]"
          + " [--batch-size <num>] [--host-file <file>] [--hosts <list>]"
          + " [--excluded-host-file <file>] [--excluded-hosts <list>] [--locality-file <file>]"
          + " [--locality <list>] [--excluded-locality-file <file>] [--excluded-locality <list>]"
          + " [--passive-cache] <path>";

  public static final String DESCRIPTION =
      "Loads a file or directory into memory, one copy of each block, spread over the workers, as"
          + " 'load --submit' does, and waits for it. With --index, <path> is a local file with a"
          + " path on each line. The other options are those of Alluxio 2.8; they change nothing.";

  private static final String ASYNC = "async";
  private static final String INDEX = "index";
  private static final List<String> IGNORED_FLAGS = List.of("passive-cache");
  private static final List<String> IGNORED_VALUES =
      List.of(
          "replication",
          "active-jobs",
          "batch-size",
          "host-file",
          "hosts",
          "excluded-host-file",
          "excluded-hosts",
          "locality-file",
          "locality",
          "excluded-locality-file",
          "excluded-locality");

  private static final long POLL_MS = 500;
  private static final long LINE_NS = TimeUnit.SECONDS.toNanos(5);

  private final LoadJobs jobs;
  private final PrintStream out;
  private final PrintStream err;
  private final LongSupplier nanoClock;
  private final LongConsumer sleepMs;

  public DistributedLoad(
      LoadJobs jobs,
      PrintStream out,
      PrintStream err,
      LongSupplier nanoClock,
      LongConsumer sleepMs) {
    this.jobs = jobs;
    this.out = out;
    this.err = err;
    this.nanoClock = nanoClock;
    this.sleepMs = sleepMs;
  }

  /** Those of Alluxio 2.8. */
  public static Options options() {
    Options options =
        new Options()
            .addOption(Option.builder().longOpt(ASYNC).desc("do not wait for the end").build())
            .addOption(Option.builder().longOpt(INDEX).desc("the path is a list of paths").build());
    for (String name : IGNORED_FLAGS) {
      options.addOption(Option.builder().longOpt(name).desc("changes nothing").build());
    }
    for (String name : IGNORED_VALUES) {
      options.addOption(Option.builder().longOpt(name).hasArg().desc("changes nothing").build());
    }
    return options;
  }

  /**
   * @throws InvalidArgumentException if there is not exactly one path
   */
  public static void validate(CommandLine line) throws InvalidArgumentException {
    if (line.getArgList().size() != 1) {
      throw new InvalidArgumentException("Name one path: " + USAGE);
    }
  }

  /**
   * @return 0 if all is in memory, or is on its way with {@code --async}; 1 if something failed
   */
  public int run(CommandLine line) throws IOException {
    String ignored =
        Stream.concat(IGNORED_FLAGS.stream(), IGNORED_VALUES.stream())
            .filter(line::hasOption)
            .map(name -> "--" + name)
            .collect(Collectors.joining(", "));
    if (!ignored.isEmpty()) {
      err.println(
          ignored
              + ": not used. One copy is loaded, spread over all workers; readers share it. For"
              + " copies or for some workers only see 'alluxio fs mows warmup'.");
    }
    List<String> paths = paths(line);
    for (String path : paths) {
      LoadJobs.Contents contents = jobs.look(path);
      jobs.submit(path);
      out.printf(
          "%s: %d files, %s%n",
          path, contents.files(), FormatUtils.getSizeFromBytes(contents.bytes()));
    }
    int failed = 0;
    if (!line.hasOption(ASYNC)) {
      for (String path : paths) {
        failed += await(path) ? 0 : 1;
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private static List<String> paths(CommandLine line) throws IOException {
    String argument = line.getArgList().get(0);
    if (!line.hasOption(INDEX)) {
      return List.of(new AlluxioURI(argument).getPath());
    }
    List<String> paths = new ArrayList<>();
    for (String path : Files.readAllLines(Path.of(argument))) {
      if (!path.isBlank()) {
        paths.add(new AlluxioURI(path.strip()).getPath());
      }
    }
    return paths;
  }

  /** Returns whether all has been loaded. */
  private boolean await(String path) throws IOException {
    long saidNs = nanoClock.getAsLong();
    while (true) {
      JsonNode report = Json.parse(jobs.progress(path));
      String state = report.path("mJobState").asText();
      switch (state) {
        case "SUCCEEDED":
          out.println(path + ": " + loaded(report) + ", done");
          return true;
        case "FAILED":
        case "STOPPED":
          err.println(path + ": " + state + " after " + loaded(report) + ". " + why(report));
          return false;
        default:
          if (nanoClock.getAsLong() - saidNs >= LINE_NS) {
            saidNs = nanoClock.getAsLong();
            out.println(path + ": " + loaded(report));
          }
          sleepMs.accept(POLL_MS);
      }
    }
  }

  private static String loaded(JsonNode report) {
    String loaded = FormatUtils.getSizeFromBytes(report.path("mLoadedByteCount").asLong());
    JsonNode total = report.path("mTotalByteCount");
    return total.isNumber()
        ? loaded + " of " + FormatUtils.getSizeFromBytes(total.asLong()) + " loaded"
        : loaded + " loaded";
  }

  private static String why(JsonNode report) {
    List<String> reasons = new ArrayList<>();
    String reason = report.path("mFailureReason").path("message").asText();
    if (!reason.isEmpty()) {
      reasons.add(reason);
    }
    report
        .path("mFailedFilesWithReasons")
        .fields()
        .forEachRemaining(file -> reasons.add(file.getKey() + ": " + file.getValue().asText()));
    return String.join("; ", reasons);
  }
}
