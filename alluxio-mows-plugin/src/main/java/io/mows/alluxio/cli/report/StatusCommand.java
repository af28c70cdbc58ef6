// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import alluxio.AlluxioURI;
import alluxio.exception.status.InvalidArgumentException;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.WorkerList;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.conf.PathPrefixes;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code alluxio fs mows status}: what the cluster holds, and what moves. */
public final class StatusCommand extends ReportCommand {
  private final Runnable pause;

  /**
   * @param pause waits for the time between two readings that a rate is taken from
   */
  public StatusCommand(ClusterSource clusters, PrintStream out, PrintStream err, Runnable pause) {
    super(clusters, out, err, 1);
    this.pause = pause;
  }

  @Override
  public String getCommandName() {
    return "status";
  }

  @Override
  public String getUsage() {
    return "mows status [PATH] [--json]";
  }

  @Override
  public String getDescription() {
    return "Shows the locator, the workers' memory, which group has how much of each model (a"
        + " directory, below PATH if given), where bytes came from and what is being fetched.";
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    super.validateArgs(line);
    for (String argument : line.getArgList()) {
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

  @Override
  protected Report report(Cluster cluster, List<String> arguments) {
    String path = arguments.isEmpty() ? "/" : path(arguments.get(0));
    PathPrefixes below = new PathPrefixes(List.of(path));
    WorkerList workers = WorkerList.of(cluster);
    LocatorReport locator = locator(cluster, workers, path);
    List<WorkerMetrics> metrics = metrics(cluster, workers, below);
    if (metrics.stream().anyMatch(worker -> !worker.fetches().isEmpty())) {
      // A worker tells the rate since it was last asked, so that it takes two questions.
      pause.run();
      metrics = metrics(cluster, workers, below);
    }
    List<String> failures = new ArrayList<>();
    locator.failure().ifPresent(failures::add);
    if (failures.isEmpty()) {
      workers.failure().ifPresent(failures::add);
    }
    return new StatusReport(locator, ModelCoverage.of(locator.files(), below), metrics, failures);
  }

  private static List<WorkerMetrics> metrics(
      Cluster cluster, WorkerList workers, PathPrefixes below) {
    List<WorkerMetrics> some = new ArrayList<>();
    cluster.metrics(workers.workers()).forEach(worker -> some.add(worker.below(below)));
    return some;
  }
}
