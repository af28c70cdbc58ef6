// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Waits for a job and shows how it gets on: a bar that is drawn over and over on a terminal, else a
 * line now and then.
 */
final class WarmupWait {
  private static final long POLL_MS = 100;
  private static final long LINE_NS = TimeUnit.SECONDS.toNanos(5);

  /** What has failed is tried again; after so long without a byte more it is given up here. */
  private static final long STALL_NS = TimeUnit.SECONDS.toNanos(30);

  /** All bytes are in memory: what workers said before they came may be taken back. */
  private static final long LAST_WORD_NS = TimeUnit.SECONDS.toNanos(5);

  /** How long the locator may be silent, or not know the job. */
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private static final int BAR_WIDTH = 30;

  private final WarmupCluster cluster;
  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final LongConsumer sleepMs;
  private long lastLineNs;
  private boolean drawn;

  WarmupWait(
      WarmupCluster cluster,
      PrintStream out,
      boolean terminal,
      LongSupplier nanoClock,
      LongConsumer sleepMs) {
    this.cluster = cluster;
    this.out = out;
    this.terminal = terminal;
    this.nanoClock = nanoClock;
    this.sleepMs = sleepMs;
    this.lastLineNs = nanoClock.getAsLong() - LINE_NS;
  }

  /**
   * @return how it ended; not complete if it failed for long or was stopped
   * @throws IOException if the locator is silent for long or has forgotten the job
   */
  JobCoverage await(String jobId) throws IOException {
    long heardNs = nanoClock.getAsLong();
    long progressNs = heardNs;
    long bestBytes = -1;
    while (true) {
      long nowNs = nanoClock.getAsLong();
      IOException silence = new IOException("The locator does not know the job " + jobId);
      Optional<JobCoverage> found = Optional.empty();
      try {
        JobsView view = cluster.jobs();
        Optional<WarmupJob> job = view.job(jobId);
        found = job.map(known -> JobCoverage.of(known, view));
      } catch (IOException e) {
        silence = e;
      }
      if (found.isEmpty()) {
        if (nowNs - heardNs > SILENCE_NS) {
          throw silence;
        }
        sleepMs.accept(POLL_MS);
        continue;
      }
      heardNs = nowNs;
      JobCoverage coverage = found.get();
      long bytes = coverage.presentBytes() + coverage.partialBytes();
      if (bytes > bestBytes) {
        bestBytes = bytes;
        progressNs = nowNs;
      }
      CoverageReport report = new CoverageReport(coverage);
      boolean failing = report.exitCode() == WarmupExit.FAILING;
      boolean isAllHere = coverage.presentBytes() == coverage.targetBytes();
      boolean givenUp = failing && nowNs - progressNs > (isAllHere ? LAST_WORD_NS : STALL_NS);
      boolean ended = coverage.isComplete() || coverage.job().isStopped() || givenUp;
      show(coverage, report, ended, nowNs);
      if (ended) {
        return coverage;
      }
      sleepMs.accept(POLL_MS);
    }
  }

  private void show(JobCoverage coverage, CoverageReport report, boolean last, long nowNs) {
    if (terminal) {
      // Over the last line, with blanks where that was longer.
      out.printf("\r%s %-70s", bar(coverage.permille()), report.line());
      drawn = true;
      if (last) {
        out.println();
      }
      out.flush();
    } else if (last || nowNs - lastLineNs >= LINE_NS) {
      lastLineNs = nowNs;
      out.println(report.line());
    }
  }

  boolean hasDrawn() {
    return drawn;
  }

  static String bar(int permille) {
    int full = BAR_WIDTH * permille / 1000;
    return "[" + "=".repeat(full) + " ".repeat(BAR_WIDTH - full) + "]";
  }
}
