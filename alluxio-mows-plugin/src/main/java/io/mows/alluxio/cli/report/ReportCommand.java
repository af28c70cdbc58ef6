// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import alluxio.cli.Command;
import alluxio.cli.CommandUtils;
import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.WorkerList;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.cli.output.TerminalText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * A subcommand that shows something of the cluster: as text, or with {@code --json} as one JSON
 * object. Ends with 1 if something is missing in it, and says what on the standard error.
 */
public abstract class ReportCommand implements Command {
  private static final String JSON_OPTION = "json";

  private final ClusterSource clusters;
  private final PrintStream out;
  private final PrintStream err;
  private final int maxArguments;

  public ReportCommand(ClusterSource clusters, PrintStream out, PrintStream err, int maxArguments) {
    this.clusters = clusters;
    this.out = new TerminalText(out);
    this.err = new TerminalText(err);
    this.maxArguments = maxArguments;
  }

  protected abstract Report report(Cluster cluster, List<String> arguments);

  /** Asks the locator, or says why it cannot be asked. */
  static LocatorReport locator(Cluster cluster, WorkerList workers, String pathPrefix) {
    String setting = cluster.locatorSetting();
    if (setting.equals(Cluster.AUTO) && workers.failure().isPresent()) {
      return LocatorReport.failed(setting, workers.failure().get());
    }
    try {
      return LocatorReport.answered(setting, cluster.locator(workers.workers(), pathPrefix));
    } catch (IOException e) {
      return LocatorReport.failed(setting, e.getMessage());
    }
  }

  @Override
  public final Options getOptions() {
    return new Options()
        .addOption(Option.builder().longOpt(JSON_OPTION).desc("print one JSON object").build());
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    CommandUtils.checkNumOfArgsNoMoreThan(this, line, maxArguments);
  }

  @Override
  public final int run(CommandLine line) throws IOException {
    Report report = report(clusters.open(), line.getArgList());
    if (line.hasOption(JSON_OPTION)) {
      ObjectNode json = Json.newObject();
      report.write(json);
      out.println(Json.print(json));
    } else {
      report.print(out);
    }
    report.failures().forEach(err::println);
    return report.failures().isEmpty() ? 0 : 1;
  }
}
