// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;

/** {@code --progress}: one job, and how far it is. */
final class WarmupProgress implements WarmupAction {
  private final String jobId;
  private final WarmupOutput output;

  WarmupProgress(String jobId, WarmupOutput output) {
    this.jobId = jobId;
    this.output = output;
  }

  @Override
  public int run(WarmupCluster cluster) throws IOException {
    JobsView view = cluster.jobs();
    return output.show(JobCoverage.of(find(view, jobId), view));
  }

  /**
   * @throws IOException if there is no such job; says how to find those there are
   */
  static WarmupJob find(JobsView view, String jobId) throws IOException {
    return view.job(jobId)
        .orElseThrow(
            () ->
                new IOException(
                    "There is no warm-up job "
                        + jobId
                        + "; 'alluxio fs mows warmup --list' shows those there are"));
  }
}
