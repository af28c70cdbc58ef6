// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.util.FormatUtils;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;

/** {@code --list}: all jobs, a line each. */
final class WarmupList implements WarmupAction {
  private final WarmupOutput output;

  WarmupList(WarmupOutput output) {
    this.output = output;
  }

  @Override
  public int run(WarmupCluster cluster) throws IOException {
    JobsView view = cluster.jobs();
    if (output.isJson()) {
      ObjectNode all = Json.newObject();
      for (WarmupJob job : view.jobs()) {
        new CoverageReport(JobCoverage.of(job, view)).write(all.withArray("jobs").addObject());
      }
      all.withArray("jobs");
      output.print(all);
      return WarmupExit.COMPLETE;
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
    table.print(output.out(), "no warm-up jobs");
    return WarmupExit.COMPLETE;
  }
}
