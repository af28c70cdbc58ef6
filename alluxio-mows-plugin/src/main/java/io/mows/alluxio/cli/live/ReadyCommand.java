// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import alluxio.AlluxioURI;
import alluxio.cli.Command;
import alluxio.cli.CommandUtils;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.FormatUtils;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.output.TerminalText;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * {@code alluxio fs mows ready PATH}: waits until the worker on this node has a model, whole and
 * proven, as an init container does. Ends with 0 if it has, with {@value #NOT_IN_TIME} if it has
 * not in time, and with 1 if that cannot be found out.
 */
public final class ReadyCommand implements Command {
  static final int NOT_IN_TIME = 2;

  private static final String PERCENT = "percent";
  private static final String TIMEOUT = "timeout";
  private static final String WORKER = "worker";
  private static final String UNPROVEN = "unproven";
  private static final String WANTED = "wanted";
  private static final String DEFAULT_TIMEOUT = "10m";
  private static final long PAUSE_MS = 1_000;

  /** So that the log of an init container is no longer than it must be. */
  private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(5);

  private final ClusterSource clusters;
  private final WorkerApi api;
  private final PrintStream out;
  private final PrintStream err;
  private final LongSupplier nanoClock;
  private final LongConsumer pauseMs;

  public ReadyCommand(
      ClusterSource clusters,
      WorkerApi api,
      PrintStream out,
      PrintStream err,
      LongSupplier nanoClock,
      LongConsumer pauseMs) {
    this.clusters = clusters;
    this.api = api;
    this.out = new TerminalText(out);
    this.err = new TerminalText(err);
    this.nanoClock = nanoClock;
    this.pauseMs = pauseMs;
  }

  @Override
  public String getCommandName() {
    return "ready";
  }

  @Override
  public String getUsage() {
    return "mows ready PATH [--percent 100] [--timeout 10m] [--worker HOST] [--wanted] [--unproven]";
  }

  @Override
  public String getDescription() {
    return "Waits until the worker on this node, or on HOST, has all files below PATH in memory, or"
        + " so many percent of their bytes, and all of them are what their manifest says. With"
        + " --wanted only what an engine would load counts, with --unproven no manifest does.";
  }

  @Override
  public Options getOptions() {
    return new Options()
        .addOption(option(PERCENT, "of the bytes, 0 to 100; of less than 100 nothing is proven"))
        .addOption(option(TIMEOUT, "such as 30s, 10m or 1h; 0s asks once"))
        .addOption(option(WORKER, "host or IP address of the worker; this node's if left out"))
        .addOption(Option.builder().longOpt(WANTED).desc("what an engine would load").build())
        .addOption(Option.builder().longOpt(UNPROVEN).desc("no manifest is needed").build());
  }

  private static Option option(String name, String description) {
    return Option.builder().longOpt(name).hasArg().desc(description).build();
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    CommandUtils.checkNumOfArgsEquals(this, line, 1);
    if (!path(line).startsWith("/")) {
      throw new InvalidArgumentException(
          "'" + line.getArgList().get(0) + "' is not an absolute Alluxio path such as /models/x");
    }
    String percent = line.getOptionValue(PERCENT, "100");
    if (!percent.matches("100|[1-9]?[0-9]")) {
      throw new InvalidArgumentException(
          "--percent " + percent + " is not a whole number from 0 to 100");
    }
    try {
      timeoutMs(line);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgumentException(
          "--timeout " + line.getOptionValue(TIMEOUT) + " is no time such as 30s, 10m or 1h");
    }
  }

  private static String path(CommandLine line) {
    return new AlluxioURI(line.getArgList().get(0)).getPath();
  }

  private static long timeoutMs(CommandLine line) {
    return FormatUtils.parseTimeSize(line.getOptionValue(TIMEOUT, DEFAULT_TIMEOUT));
  }

  @Override
  public int run(CommandLine line) throws IOException {
    Cluster cluster = clusters.open();
    ReadyCheck check = new ReadyCheck(api, query(line));
    String host = line.hasOption(WORKER) ? line.getOptionValue(WORKER) : cluster.localHost();
    long beganNs = nanoClock.getAsLong();
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs(line));
    String said = "";
    long saidNs = beganNs - QUIET_NS;
    while (true) {
      ReadyCheck.Answer answer = check.ask(cluster, host);
      if (answer.isReady()) {
        out.println(answer.text());
        return 0;
      }
      long nowNs = nanoClock.getAsLong();
      if (nowNs - beganNs >= timeoutNs) {
        err.println(answer.text());
        return answer.isAnswered() ? NOT_IN_TIME : 1;
      }
      if (!answer.text().equals(said) && nowNs - saidNs >= QUIET_NS) {
        out.println(answer.text());
        said = answer.text();
        saidNs = nowNs;
      }
      pauseMs.accept(PAUSE_MS);
    }
  }

  private static String query(CommandLine line) {
    return "ready?path="
        + URLEncoder.encode(path(line), StandardCharsets.UTF_8)
        + "&percent="
        + line.getOptionValue(PERCENT, "100")
        + (line.hasOption(UNPROVEN) ? "&proof=off" : "")
        + (line.hasOption(WANTED) ? "&files=wanted" : "");
  }
}
