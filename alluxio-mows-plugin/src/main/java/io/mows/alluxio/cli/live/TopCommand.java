// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import alluxio.cli.Command;
import alluxio.cli.CommandUtils;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.wire.WorkerInfo;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.output.TerminalText;
import io.mows.alluxio.master.WebAddress;
import io.mows.channel.PrintableText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * {@code alluxio fs mows top}: what all workers hold and do, over and over until it is interrupted;
 * once where nobody looks.
 */
public final class TopCommand implements Command {
  private static final String ONCE = "once";
  private static final String CLUSTER = "api/v1/cluster";
  private static final long PAUSE_MS = 2_000;

  /**
   * A worker that answers with something else is no better than the next one; but some are tried.
   */
  private static final int MAX_TRIES = 5;

  private final ClusterSource clusters;
  private final WorkerApi api;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean isTerminal;
  private final LongConsumer pauseMs;

  public TopCommand(
      ClusterSource clusters,
      WorkerApi api,
      PrintStream out,
      PrintStream err,
      boolean isTerminal,
      LongConsumer pauseMs) {
    this.clusters = clusters;
    this.api = api;
    this.out = out;
    this.err = new TerminalText(err);
    this.isTerminal = isTerminal;
    this.pauseMs = pauseMs;
  }

  @Override
  public String getCommandName() {
    return "top";
  }

  @Override
  public String getUsage() {
    return "mows top [--once]";
  }

  @Override
  public String getDescription() {
    return "Shows loads, models, who sends to whom, warm-up jobs and what fails, on all workers,"
        + " every two seconds until Ctrl-C; once with --once, or where the output is no terminal.";
  }

  @Override
  public Options getOptions() {
    return new Options().addOption(Option.builder().longOpt(ONCE).desc("print it once").build());
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    CommandUtils.checkNumOfArgsEquals(this, line, 0);
  }

  @Override
  public int run(CommandLine line) throws IOException {
    Cluster cluster = clusters.open();
    JsonNode first;
    try {
      first = ask(workers(cluster));
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    }
    if (!isTerminal || line.hasOption(ONCE)) {
      TopScreen.lines(first).forEach(out::println);
    } else {
      follow(cluster, first);
    }
    return 0;
  }

  /** The one on this machine first. */
  private static List<String> workers(Cluster cluster) throws IOException {
    List<WorkerInfo> all = cluster.workers();
    List<String> webs = new ArrayList<>();
    LocalWorker.find(all, cluster.localHost())
        .map(WorkerInfo::getAddress)
        .map(WebAddress::of)
        .ifPresent(webs::add);
    all.stream()
        .map(WorkerInfo::getAddress)
        .map(WebAddress::of)
        .filter(web -> !webs.contains(web))
        .forEach(webs::add);
    return webs;
  }

  /**
   * The first answer.
   *
   * @throws IOException if there is none; says why
   */
  private JsonNode ask(List<String> workers) throws IOException {
    List<String> failures = new ArrayList<>();
    for (String worker : workers.subList(0, Math.min(MAX_TRIES, workers.size()))) {
      try {
        return api.get(worker, CLUSTER);
      } catch (IOException e) {
        failures.add(worker + ": " + e.getMessage());
      }
    }
    throw new IOException(
        workers.isEmpty() ? "The master lists no worker" : String.join("\n", failures));
  }

  /** Until the process or the thread is interrupted: workers that are away come back. */
  private void follow(Cluster cluster, JsonNode first) {
    Screen screen = new Screen(out);
    // Ctrl-C ends the process; what was on the terminal has to come back.
    Runtime.getRuntime().addShutdownHook(new Thread(screen::close, "mows-top-end"));
    List<String> shown = TopScreen.lines(first);
    List<String> trouble = List.of();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        List<String> all = new ArrayList<>(trouble);
        all.addAll(shown);
        int[] size = Screen.size();
        screen.draw(TopScreen.fit(all, size[1], size[0]));
        pauseMs.accept(PAUSE_MS);
        try {
          // Anew, as workers come and go.
          shown = TopScreen.lines(ask(workers(cluster)));
          trouble = List.of();
        } catch (IOException e) {
          trouble = trouble(e);
        }
      }
    } finally {
      screen.close();
    }
  }

  private static List<String> trouble(IOException failure) {
    List<String> lines = new ArrayList<>();
    lines.add("NOBODY ANSWERS; what was true before is below");
    String.valueOf(failure.getMessage())
        .lines()
        .limit(MAX_TRIES)
        .forEach(line -> lines.add(PrintableText.line(line)));
    return lines;
  }
}
