// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.alluxio.conf.PathPrefixes;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.List;

/** {@code --evict}: ends the jobs for a path, unpins it and frees its memory. */
final class WarmupEvict implements WarmupAction {
  private final String path;
  private final WarmupOutput output;

  /**
   * @param path absolute
   */
  WarmupEvict(String path, WarmupOutput output) {
    this.path = path;
    this.output = output;
  }

  @Override
  public int run(WarmupCluster cluster) throws IOException {
    PathPrefixes evicted = new PathPrefixes(List.of(path));
    for (WarmupJob job : cluster.jobs().jobs()) {
      boolean touched =
          job.paths().stream()
              .anyMatch(p -> evicted.covers(p) || new PathPrefixes(List.of(p)).covers(path));
      if (touched) {
        cluster.remove(job.id());
        output
            .out()
            .println(
                "Job " + job.id() + " for " + WarmupFileChoice.toText(job.paths()) + " is ended");
      }
    }
    cluster.evict(path);
    output.out().println(path + " is unpinned and its memory is being freed");
    return WarmupExit.COMPLETE;
  }
}
