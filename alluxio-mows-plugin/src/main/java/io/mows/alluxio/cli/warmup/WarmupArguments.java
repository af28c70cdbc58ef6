// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.AlluxioURI;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.FormatUtils;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** What can be said to {@code alluxio fs mows warmup}, and what was. Immutable. */
final class WarmupArguments {
  static final String USAGE =
      "mows warmup PATH... [--only FORMAT|gguf:QUANT|GLOB] [--group G | --role warmup | --all] [--replicas K|all] [--pin]"
          + " [--bandwidth B] [--wait] [--json]"
          + " | --list [--json] | --progress ID [--json] | --stop ID | --evict PATH";

  private static final String LIST = "list";
  private static final String PROGRESS = "progress";
  private static final String STOP = "stop";
  private static final String EVICT = "evict";
  private static final String ALL_REPLICAS = "all";

  private final CommandLine line;

  WarmupArguments(CommandLine line) {
    this.line = line;
  }

  static Options options() {
    return new Options()
        .addOption(value(WarmupFileChoice.OPTION, "safetensors, gguf:Q4_K_M, ... or a pattern"))
        .addOption(value("group", "the instances of this group"))
        .addOption(value("role", "warmup: the warm-up workers (the default)"))
        .addOption(flag("all", "all workers"))
        .addOption(value("replicas", "copies of each block: a number, or all"))
        .addOption(flag("pin", "Alluxio does not evict it"))
        .addOption(value("bandwidth", "bytes per second for each worker, as in 100MB"))
        .addOption(flag("wait", "wait for the end and show the progress"))
        .addOption(flag(LIST, "all jobs"))
        .addOption(value(PROGRESS, "one job"))
        .addOption(value(STOP, "nobody works on this job any more; what is loaded stays"))
        .addOption(value(EVICT, "stop the jobs for PATH, unpin it and free its memory"))
        .addOption(flag("json", "print one JSON object"));
  }

  private static Option flag(String name, String text) {
    return Option.builder().longOpt(name).desc(text).build();
  }

  private static Option value(String name, String text) {
    return Option.builder().longOpt(name).hasArg().desc(text).build();
  }

  /** Says what is wrong with them, if anything is. */
  void validate() throws InvalidArgumentException {
    List<String> doing = new ArrayList<>();
    for (String other : List.of(LIST, PROGRESS, STOP, EVICT)) {
      if (line.hasOption(other)) {
        doing.add("--" + other);
      }
    }
    boolean submits = !line.getArgList().isEmpty();
    if (doing.size() + (submits ? 1 : 0) != 1) {
      throw new InvalidArgumentException(
          "Name paths to load, or one of --list, --progress, --stop and --evict: " + USAGE);
    }
    if (submits) {
      target();
      replicas();
      bandwidth();
      WarmupFileChoice.validate(line);
    }
    List<String> paths = new ArrayList<>(line.getArgList());
    if (line.hasOption(EVICT)) {
      paths.add(line.getOptionValue(EVICT));
    }
    for (String argument : paths) {
      if (!path(argument).startsWith("/")) {
        throw new InvalidArgumentException(
            "'" + argument + "' is not an absolute Alluxio path such as /models");
      }
    }
  }

  /** Without scheme, authority and a slash at the end. */
  private static String path(String argument) {
    return new AlluxioURI(argument).getPath();
  }

  boolean lists() {
    return line.hasOption(LIST);
  }

  boolean showsProgress() {
    return line.hasOption(PROGRESS);
  }

  String progressJob() {
    return line.getOptionValue(PROGRESS);
  }

  boolean stops() {
    return line.hasOption(STOP);
  }

  String stoppedJob() {
    return line.getOptionValue(STOP);
  }

  boolean evicts() {
    return line.hasOption(EVICT);
  }

  String evictedPath() {
    return path(line.getOptionValue(EVICT));
  }

  /** The paths to load. */
  List<String> paths() {
    return line.getArgList().stream().map(WarmupArguments::path).collect(Collectors.toList());
  }

  WarmupFileChoice choice(WarmupCluster cluster) throws IOException {
    return WarmupFileChoice.of(line, paths(), cluster);
  }

  JobTarget target() throws InvalidArgumentException {
    int given = 0;
    for (String option : List.of("group", "role", "all")) {
      given += line.hasOption(option) ? 1 : 0;
    }
    if (given > 1) {
      throw new InvalidArgumentException("--group, --role and --all exclude each other");
    }
    if (line.hasOption("role") && !line.getOptionValue("role").equals("warmup")) {
      throw new InvalidArgumentException(
          "--role can be warmup; name the instances of a service with --group");
    }
    if (line.hasOption("group")) {
      return JobTarget.group(line.getOptionValue("group"));
    }
    return line.hasOption("all") ? JobTarget.EVERY : JobTarget.WARMUP;
  }

  int replicas() throws InvalidArgumentException {
    String value = line.getOptionValue("replicas", "1");
    if (value.equals(ALL_REPLICAS)) {
      return WarmupJob.EVERYWHERE;
    }
    try {
      int replicas = Integer.parseInt(value);
      if (replicas >= 1 && replicas <= 10_000) {
        return replicas;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    throw new InvalidArgumentException(
        "--replicas " + value + ": it must be a number from 1 to 10000, or all");
  }

  /** Bytes per second for each worker; 0: as many as it can. */
  long bandwidth() throws InvalidArgumentException {
    if (!line.hasOption("bandwidth")) {
      return 0;
    }
    String value = line.getOptionValue("bandwidth");
    try {
      long bytes = FormatUtils.parseSpaceSize(value);
      if (bytes > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for 0.
    }
    throw new InvalidArgumentException(
        "--bandwidth " + value + ": it must be bytes per second, such as 100MB");
  }

  boolean pins() {
    return line.hasOption("pin");
  }

  boolean waits() {
    return line.hasOption("wait");
  }

  boolean wantsJson() {
    return line.hasOption("json");
  }
}
