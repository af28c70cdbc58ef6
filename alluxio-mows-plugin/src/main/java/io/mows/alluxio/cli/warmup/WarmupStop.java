// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;

/** {@code --stop}: nobody works on the job any more; said of a stopped job, it is forgotten. */
final class WarmupStop implements WarmupAction {
  private final String jobId;
  private final WarmupOutput output;

  WarmupStop(String jobId, WarmupOutput output) {
    this.jobId = jobId;
    this.output = output;
  }

  @Override
  public int run(WarmupCluster cluster) throws IOException {
    WarmupJob job = WarmupProgress.find(cluster.jobs(), jobId);
    if (job.isStopped()) {
      cluster.remove(job.id());
      output.out().println("Job " + job.id() + " was stopped before and is forgotten now");
    } else {
      cluster.stop(job.id());
      output.out().println("Job " + job.id() + " is stopped; what it has loaded stays in memory");
    }
    return WarmupExit.COMPLETE;
  }
}
