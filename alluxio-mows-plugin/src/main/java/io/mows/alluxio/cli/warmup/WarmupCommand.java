// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.AlluxioURI;
import alluxio.cli.Command;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.FormatUtils;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.p2p.locator.JobTarget;
import io.mows.p2p.locator.JobsView;
import io.mows.p2p.locator.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code alluxio fs mows warmup}: has models loaded, and tells how far that is. */
public final class WarmupCommand implements Command {
  /** Every byte is where it has to be, or the command did what it was asked to. */
  static final int COMPLETE = 0;

  /** Wrong arguments, no such job, or the cluster does not answer. */
  static final int ERROR = 1;

  /** Not complete yet, and on its way. */
  static final int UNDER_WAY = 2;

  /** Not complete, and something stands in the way. */
  static final int FAILING = 3;

  private static final String ALL_REPLICAS = "all";

  private final WarmupCluster.Source clusters;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final LongConsumer sleepMs;

  /**
   * @param terminal whether {@code out} is one: a bar can be drawn
   */
  public WarmupCommand(
      WarmupCluster.Source clusters,
      PrintStream out,
      PrintStream err,
      boolean terminal,
      LongSupplier nanoClock,
      LongConsumer sleepMs) {
    this.clusters = clusters;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.nanoClock = nanoClock;
    this.sleepMs = sleepMs;
  }

  @Override
  public String getCommandName() {
    return "warmup";
  }

  @Override
  public String getUsage() {
    return "mows warmup PATH... [--only FORMAT|gguf:QUANT|GLOB] [--group G | --role warmup | --all] [--replicas K|all] [--pin]"
        + " [--bandwidth B] [--wait] [--json]"
        + " | --list [--json] | --progress ID [--json] | --stop ID | --evict PATH";
  }

  @Override
  public String getDescription() {
    return "Has the files below PATH loaded into memory: one copy, spread over the warm-up workers,"
        + " or over those of a group, or over all; --replicas K copies, all: each worker has"
        + " everything. --only takes one format with the small files beside it, one quant, or what a"
        + " pattern names, and says what it leaves out. --bandwidth limits each worker, as in 100MB. --pin keeps it from being"
        + " evicted. Ends with 0 if every byte is in memory (with --wait and --progress), 2 if it is"
        + " on its way, 3 if something stands in the way, 1 if the command could not be done.";
  }

  @Override
  public Options getOptions() {
    return new Options()
        .addOption(value(WarmupFileChoice.OPTION, "safetensors, gguf:Q4_K_M, ... or a pattern"))
        .addOption(value("group", "the instances of this group"))
        .addOption(value("role", "warmup: the warm-up workers (the default)"))
        .addOption(flag("all", "all workers"))
        .addOption(value("replicas", "copies of each block: a number, or all"))
        .addOption(flag("pin", "Alluxio does not evict it"))
        .addOption(value("bandwidth", "bytes per second for each worker, as in 100MB"))
        .addOption(flag("wait", "wait for the end and show the progress"))
        .addOption(flag("list", "all jobs"))
        .addOption(value("progress", "one job"))
        .addOption(value("stop", "nobody works on this job any more; what is loaded stays"))
        .addOption(value("evict", "stop the jobs for PATH, unpin it and free its memory"))
        .addOption(flag("json", "print one JSON object"));
  }

  private static Option flag(String name, String text) {
    return Option.builder().longOpt(name).desc(text).build();
  }

  private static Option value(String name, String text) {
    return Option.builder().longOpt(name).hasArg().desc(text).build();
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    List<String> doing = new ArrayList<>();
    for (String other : List.of("list", "progress", "stop", "evict")) {
      if (line.hasOption(other)) {
        doing.add("--" + other);
      }
    }
    boolean submits = !line.getArgList().isEmpty();
    if (doing.size() + (submits ? 1 : 0) != 1) {
      throw new InvalidArgumentException(
          "Name paths to load, or one of --list, --progress, --stop and --evict: " + getUsage());
    }
    if (submits) {
      target(line);
      replicas(line);
      bandwidth(line);
      WarmupFileChoice.validate(line);
    }
    List<String> paths = new ArrayList<>(line.getArgList());
    if (line.hasOption("evict")) {
      paths.add(line.getOptionValue("evict"));
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

  private static JobTarget target(CommandLine line) throws InvalidArgumentException {
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

  private static int replicas(CommandLine line) throws InvalidArgumentException {
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

  private static long bandwidth(CommandLine line) throws InvalidArgumentException {
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

  @Override
  public int run(CommandLine line) throws IOException {
    try (WarmupCluster cluster = clusters.open()) {
      return run(line, cluster);
    } catch (IOException e) {
      err.println(e.getMessage());
      return ERROR;
    }
  }

  private int run(CommandLine line, WarmupCluster cluster) throws IOException {
    boolean json = line.hasOption("json");
    if (line.hasOption("list")) {
      return list(cluster.jobs(), json);
    }
    if (line.hasOption("progress")) {
      JobsView view = cluster.jobs();
      return show(JobCoverage.of(job(view, line.getOptionValue("progress")), view), json);
    }
    if (line.hasOption("stop")) {
      WarmupJob job = job(cluster.jobs(), line.getOptionValue("stop"));
      if (job.isStopped()) {
        cluster.remove(job.id());
        out.println("Job " + job.id() + " was stopped before and is forgotten now");
      } else {
        cluster.stop(job.id());
        out.println("Job " + job.id() + " is stopped; what it has loaded stays in memory");
      }
      return COMPLETE;
    }
    if (line.hasOption("evict")) {
      return evict(cluster, path(line.getOptionValue("evict")));
    }
    return submit(line, cluster, json);
  }

  private static WarmupJob job(JobsView view, String id) throws IOException {
    return view.job(id)
        .orElseThrow(
            () ->
                new IOException(
                    "There is no warm-up job "
                        + id
                        + "; 'alluxio fs mows warmup --list' shows those there are"));
  }

  private int list(JobsView view, boolean json) throws IOException {
    if (json) {
      ObjectNode all = Json.newObject();
      for (WarmupJob job : view.jobs()) {
        new CoverageReport(JobCoverage.of(job, view)).write(all.withArray("jobs").addObject());
      }
      all.withArray("jobs");
      print(all);
      return COMPLETE;
    }
    TextTable table =
        new TextTable()
            .text("JOB")
            .text("STATE")
            .number("DONE")
            .number("SIZE")
            .text("WORKERS")
            .text("COPIES")
            .text("PINNED")
            .text("PATHS");
    for (WarmupJob job : view.jobs()) {
      JobCoverage coverage = JobCoverage.of(job, view);
      CoverageReport report = new CoverageReport(coverage);
      table.row(
          job.id(),
          report.state(),
          report.percent(),
          FormatUtils.getSizeFromBytes(coverage.targetBytes()),
          job.target(),
          report.copies(),
          job.isPinned() ? "yes" : "no",
          WarmupFileChoice.toText(job.paths()));
    }
    table.print(out, "no warm-up jobs");
    return COMPLETE;
  }

  private int show(JobCoverage coverage, boolean json) throws IOException {
    CoverageReport report = new CoverageReport(coverage);
    if (json) {
      ObjectNode node = Json.newObject();
      report.write(node);
      print(node);
    } else {
      report.print(out);
    }
    return report.exitCode();
  }

  private void print(ObjectNode json) throws IOException {
    out.println(Json.print(json));
  }

  private int submit(CommandLine line, WarmupCluster cluster, boolean json) throws IOException {
    List<String> paths =
        line.getArgList().stream().map(WarmupCommand::path).collect(Collectors.toList());
    WarmupFileChoice choice = WarmupFileChoice.of(line, paths, cluster);
    boolean pin = line.hasOption("pin");
    WarmupJob job =
        WarmupJob.of(
            choice.paths(),
            target(line),
            replicas(line),
            pin,
            bandwidth(line),
            System.currentTimeMillis(),
            choice.files());
    JobCoverage before = JobCoverage.of(job, cluster.jobs());
    checkWorkers(job, before);
    if (pin) {
      for (String path : choice.paths()) {
        cluster.pin(path);
      }
    }
    cluster.submit(job);
    choice.printLeftOut(json ? err : out);
    if (!json) {
      out.println(
          "Job "
              + job.id()
              + ": "
              + job.files().size()
              + " files, "
              + FormatUtils.getSizeFromBytes(job.totalBytes())
              + ", on "
              + job.target()
              + " ("
              + before.workers().size()
              + "), "
              + new CoverageReport(before).copies());
      new CoverageReport(before).printFailures(err);
    }
    if (!line.hasOption("wait")) {
      return json ? printId(job) : COMPLETE;
    }
    PrintStream lines = json ? err : out;
    JobCoverage after =
        new WarmupWait(cluster, lines, terminal && !json, nanoClock, sleepMs).await(job.id());
    CoverageReport report = new CoverageReport(after);
    if (json) {
      return show(after, true);
    }
    report.printFailures(err);
    return report.exitCode();
  }

  private int printId(WarmupJob job) throws IOException {
    print(Json.newObject().put("id", job.id()));
    return COMPLETE;
  }

  private static void checkWorkers(WarmupJob job, JobCoverage coverage) throws IOException {
    int workers = coverage.workers().size();
    if (workers == 0) {
      throw new IOException(
          "No living worker is of "
              + job.target()
              + "; 'alluxio fs mows peers' shows those there are. Choose others with --group,"
              + " --role warmup or --all");
    }
    if (job.replicas() > workers) {
      throw new IOException(
          "--replicas "
              + job.replicas()
              + ": there are only "
              + workers
              + " workers of "
              + job.target());
    }
  }

  private int evict(WarmupCluster cluster, String path) throws IOException {
    PathPrefixes evicted = new PathPrefixes(List.of(path));
    for (WarmupJob job : cluster.jobs().jobs()) {
      boolean touched =
          job.paths().stream()
              .anyMatch(p -> evicted.covers(p) || new PathPrefixes(List.of(p)).covers(path));
      if (touched) {
        cluster.remove(job.id());
        out.println(
            "Job " + job.id() + " for " + WarmupFileChoice.toText(job.paths()) + " is ended");
      }
    }
    cluster.evict(path);
    out.println(path + " is unpinned and its memory is being freed");
    return COMPLETE;
  }
}
