// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobReport;

/** One worker's share of a job, and how much of it is there. Immutable. */
public final class WorkerCoverage {
  private final String peerId;
  private final long targetBytes;
  private final long presentBytes;
  private final JobReport report;

  WorkerCoverage(String peerId, long targetBytes, long presentBytes, JobReport report) {
    this.peerId = peerId;
    this.targetBytes = targetBytes;
    this.presentBytes = presentBytes;
    this.report = report;
  }

  public String peerId() {
    return peerId;
  }

  public long targetBytes() {
    return targetBytes;
  }

  public long presentBytes() {
    return presentBytes;
  }

  public long bytesPerSecond() {
    return report == null ? 0 : report.bytesPerSecond();
  }

  public int failureCount() {
    return report == null ? 0 : report.failureCount();
  }

  /** Whether it has said anything since it started. */
  public boolean hasReported() {
    return report != null;
  }
}
