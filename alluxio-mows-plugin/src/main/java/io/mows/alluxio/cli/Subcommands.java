// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli;

import static java.util.stream.Collectors.joining;

import alluxio.cli.Command;
import alluxio.client.file.FileSystemContext;
import alluxio.util.CommonUtils;
import io.mows.alluxio.cli.cluster.AlluxioCluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.live.ReadyCommand;
import io.mows.alluxio.cli.live.TopCommand;
import io.mows.alluxio.cli.live.WorkerApi;
import io.mows.alluxio.cli.report.CheckCommand;
import io.mows.alluxio.cli.report.PeersCommand;
import io.mows.alluxio.cli.report.StatusCommand;
import io.mows.alluxio.cli.verify.ManifestCommand;
import io.mows.alluxio.cli.verify.VerifyCommand;
import io.mows.alluxio.cli.warmup.AlluxioWarmupCluster;
import io.mows.alluxio.cli.warmup.WarmupCommand;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code alluxio fs mows} can do: a new subcommand is one more line here. */
public final class Subcommands {
  private static final long RATE_INTERVAL_MS = 1_000;

  private Subcommands() {}

  /** By name, in the order of the help text. Connects to nothing. */
  public static Map<String, Command> of(FileSystemContext context) {
    ClusterSource clusters = () -> AlluxioCluster.of(context);
    List<Command> commands =
        List.of(
            new StatusCommand(
                clusters, System.out, System.err, () -> CommonUtils.sleepMs(RATE_INTERVAL_MS)),
            new PeersCommand(clusters, System.out, System.err),
            new CheckCommand(clusters, System.out, System.err),
            new TopCommand(
                clusters,
                WorkerApi.http(),
                System.out,
                System.err,
                isTerminal(),
                CommonUtils::sleepMs),
            new ReadyCommand(
                clusters,
                WorkerApi.http(),
                System.out,
                System.err,
                System::nanoTime,
                CommonUtils::sleepMs),
            new VerifyCommand(clusters, System.out, System.err, System.err),
            new ManifestCommand(clusters, System.out, System.err),
            new WarmupCommand(
                () -> AlluxioWarmupCluster.of(context),
                System.out,
                System.err,
                isTerminal(),
                System::nanoTime,
                CommonUtils::sleepMs));
    Map<String, Command> byName = new LinkedHashMap<>();
    commands.forEach(command -> byName.put(command.getCommandName(), command));
    return Collections.unmodifiableMap(byName);
  }

  /** From JDK 22 on this would need another question; Alluxio 2.9 runs on 17 at most. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  /** One line. */
  public static String usage(Collection<Command> subcommands) {
    return subcommands.stream().map(Command::getUsage).collect(joining(" | "));
  }

  /** What each is for, one to a line. */
  public static String description(Collection<Command> subcommands) {
    return subcommands.stream()
        .map(command -> "  " + command.getUsage() + "\n      " + command.getDescription())
        .collect(joining("\n", "Shows what MoWS does in this cluster:\n", ""));
  }
}
