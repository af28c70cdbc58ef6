// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.util.FormatUtils;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;
import java.io.PrintStream;

/** Has the files below some paths loaded; with {@code --wait} it shows how that gets on. */
final class WarmupSubmit implements WarmupAction {
  private final WarmupArguments arguments;
  private final WarmupOutput output;
  private final Waits wait;

  WarmupSubmit(WarmupArguments arguments, WarmupOutput output, Waits wait) {
    this.arguments = arguments;
    this.output = output;
    this.wait = wait;
  }

  @Override
  public int run(WarmupCluster cluster) throws IOException {
    WarmupFileChoice choice = arguments.choice(cluster);
    WarmupJob job =
        WarmupJob.of(
            choice.paths(),
            arguments.target(),
            arguments.replicas(),
            arguments.pins(),
            arguments.bandwidth(),
            System.currentTimeMillis(),
            choice.files());
    JobCoverage before = JobCoverage.of(job, cluster.jobs());
    checkWorkers(job, before);
    if (arguments.pins()) {
      for (String path : choice.paths()) {
        cluster.pin(path);
      }
    }
    cluster.submit(job);
    cluster.notes().forEach(output.lines()::println);
    choice.printLeftOut(output.lines());
    if (!output.isJson()) {
      printSubmitted(job, before);
    }
    if (!arguments.waits()) {
      if (output.isJson()) {
        output.print(Json.newObject().put("id", job.id()));
      }
      return WarmupExit.COMPLETE;
    }
    JobCoverage after = wait.of(cluster, output.lines()).await(job.id());
    if (output.isJson()) {
      return output.show(after);
    }
    CoverageReport report = new CoverageReport(after);
    report.printFailures(output.err());
    return report.exitCode();
  }

  private void printSubmitted(WarmupJob job, JobCoverage coverage) {
    CoverageReport report = new CoverageReport(coverage);
    output
        .out()
        .println(
            "Job "
                + job.id()
                + ": "
                + job.files().size()
                + " files, "
                + FormatUtils.getSizeFromBytes(job.totalBytes())
                + ", on "
                + job.target()
                + " ("
                + coverage.workers().size()
                + "), "
                + report.copies());
    report.printFailures(output.err());
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

  /** Makes what waits for a job. */
  @FunctionalInterface
  interface Waits {
    WarmupWait of(WarmupCluster cluster, PrintStream lines);
  }
}
