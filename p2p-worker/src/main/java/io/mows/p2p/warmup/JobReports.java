// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobReport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tells the locator how far this worker is with its jobs: what has changed, and now and then the
 * same again, for what is said may get lost. For the warm-up thread.
 */
final class JobReports {
  private static final long GAP_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(10);

  private final JobClient directory;
  private final String peerId;
  private final long session;
  private final Executor thread;
  private final Map<String, Sent> sent = new HashMap<>();

  /**
   * @param session as this worker announces itself
   * @param thread runs something on the warm-up thread
   */
  JobReports(JobClient directory, String peerId, long session, Executor thread) {
    this.directory = directory;
    this.peerId = peerId;
    this.session = session;
    this.thread = thread;
  }

  /** Sends a report unless the locator has been told as much lately. */
  void report(JobReport report, boolean complete, long nowNs) {
    Sent last = sent.get(report.jobId());
    boolean soon = last != null && nowNs - last.timeNs < GAP_NS && !complete;
    if (soon || (last != null && last.isFresh(report, nowNs))) {
      return;
    }
    sent.put(report.jobId(), new Sent(report, nowNs));
    directory
        .report(peerId, session, report)
        .exceptionally(
            failure -> {
              thread.execute(() -> sent.remove(report.jobId()));
              return null;
            });
  }

  /** The job is over. */
  void forget(String jobId) {
    sent.remove(jobId);
  }

  /** Another directory has taken over: it lacks all of them. */
  void forgetAll() {
    sent.clear();
  }

  /** A report that the locator has. */
  private static final class Sent {
    private final JobReport report;
    private final long timeNs;

    Sent(JobReport report, long timeNs) {
      this.report = report;
      this.timeNs = timeNs;
    }

    boolean isFresh(JobReport now, long nowNs) {
      boolean same =
          report.blocks().equals(now.blocks())
              && report.partialBytes() == now.partialBytes()
              && report.failureCount() == now.failureCount()
              && (report.bytesPerSecond() == 0) == (now.bytesPerSecond() == 0);
      return same && nowNs - timeNs < REPEAT_NS;
    }
  }
}
