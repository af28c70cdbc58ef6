// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.cli.Command;
import alluxio.exception.status.InvalidArgumentException;
import io.mows.alluxio.cli.output.TerminalText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code alluxio fs mows warmup}: has models loaded, and tells how far that is. */
public final class WarmupCommand implements Command {
  private final WarmupCluster.Source clusters;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final LongConsumer sleepMs;

  /**
   * @param terminal whether {@code out} is one: a bar can be drawn
   */
  public WarmupCommand(
      WarmupCluster.Source clusters,
      PrintStream out,
      PrintStream err,
      boolean terminal,
      LongSupplier nanoClock,
      LongConsumer sleepMs) {
    this.clusters = clusters;
    this.out = new TerminalText(out);
    this.err = new TerminalText(err);
    this.terminal = terminal;
    this.nanoClock = nanoClock;
    this.sleepMs = sleepMs;
  }

  @Override
  public String getCommandName() {
    return "warmup";
  }

  @Override
  public String getUsage() {
    return WarmupArguments.USAGE;
  }

  @Override
  public String getDescription() {
    return "Has the files below PATH loaded into memory: one copy, spread over the warm-up workers,"
        + " or over those of a group, or over all; --replicas K copies, all: each worker has"
        + " everything. --only takes one format with the small files beside it, one quant, or what a"
        + " pattern names, and says what it leaves out. --bandwidth limits each worker, as in 100MB. --pin keeps it from being"
        + " evicted. Ends with 0 if every byte is in memory (with --wait and --progress), 2 if it is"
        + " on its way, 3 if something stands in the way, 1 if the command could not be done.";
  }

  @Override
  public Options getOptions() {
    return WarmupArguments.options();
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    new WarmupArguments(line).validate();
  }

  @Override
  public int run(CommandLine line) throws IOException {
    try (WarmupCluster cluster = clusters.open()) {
      return action(new WarmupArguments(line)).run(cluster);
    } catch (IOException e) {
      err.println(e.getMessage());
      return WarmupExit.ERROR;
    }
  }

  private WarmupAction action(WarmupArguments arguments) {
    WarmupOutput output = new WarmupOutput(out, err, arguments.wantsJson());
    if (arguments.lists()) {
      return new WarmupList(output);
    }
    if (arguments.showsProgress()) {
      return new WarmupProgress(arguments.progressJob(), output);
    }
    if (arguments.stops()) {
      return new WarmupStop(arguments.stoppedJob(), output);
    }
    if (arguments.evicts()) {
      return new WarmupEvict(arguments.evictedPath(), output);
    }
    boolean bar = terminal && !output.isJson();
    return new WarmupSubmit(
        arguments,
        output,
        (cluster, lines) -> new WarmupWait(cluster, lines, bar, nanoClock, sleepMs));
  }
}
