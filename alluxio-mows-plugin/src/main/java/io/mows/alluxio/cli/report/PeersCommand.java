// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.WorkerList;
import java.io.PrintStream;
import java.util.List;

/** {@code alluxio fs mows peers}: who is in the locator. */
public final class PeersCommand extends ReportCommand {
  public PeersCommand(ClusterSource clusters, PrintStream out, PrintStream err) {
    super(clusters, out, err, 0);
  }

  @Override
  public String getCommandName() {
    return "peers";
  }

  @Override
  public String getUsage() {
    return "mows peers [--json]";
  }

  @Override
  public String getDescription() {
    return "Lists the workers that share pieces, what they have and how busy they are.";
  }

  @Override
  protected Report report(Cluster cluster, List<String> arguments) {
    // No file starts like this: only the peers are wanted.
    return new PeersReport(locator(cluster, WorkerList.of(cluster), "none"));
  }
}
