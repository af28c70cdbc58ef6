// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.WorkerList;
import java.io.PrintStream;
import java.util.List;

/** {@code alluxio fs mows check}: what each worker lacks, and what to do about it. */
public final class CheckCommand extends ReportCommand {
  public CheckCommand(ClusterSource clusters, PrintStream out, PrintStream err) {
    super(clusters, out, err, 0);
  }

  @Override
  public String getCommandName() {
    return "check";
  }

  @Override
  public String getUsage() {
    return "mows check [--json]";
  }

  @Override
  public String getDescription() {
    return "Says for each worker which data channels it has and why not, its limit of locked memory,"
        + " RDMA devices, FUSE, libfuse, read-ahead, memory and kernel, and what to do.";
  }

  @Override
  protected Report report(Cluster cluster, List<String> arguments) {
    WorkerList workers = WorkerList.of(cluster);
    return new CheckReport(workers, cluster.metrics(workers.workers()));
  }
}
