// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How much of a job is there: what has to be where, by {@link ShardPlan} and the workers that live
 * now, against what these say that they have, complete and verified. Immutable.
 */
public final class JobCoverage {
  private final WarmupJob job;
  private final List<WorkerCoverage> workers = new ArrayList<>();
  private final List<FileCoverage> files = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private long targetBytes;
  private long presentBytes;
  private long partialBytes;
  private long bytesPerSecond;
  private int failureCount;
  private final long homelessBytes;

  private JobCoverage(ShardPlan plan, Map<String, JobReport> reports) {
    this.job = plan.job();
    long[] fileTargets = new long[job.files().size()];
    long[] filePresent = new long[job.files().size()];
    long planned = 0;
    for (int w = 0; w < plan.workers().size(); w++) {
      Member member = plan.workers().get(w);
      JobReport report = reports.get(member.peer().id());
      BitSet has = report == null ? new BitSet() : report.blocks();
      long target = 0;
      long present = 0;
      BitSet share = plan.share(member.peer().id());
      for (int block = share.nextSetBit(0); block >= 0; block = share.nextSetBit(block + 1)) {
        long bytes = plan.lengthOf(block);
        int file = plan.fileIndexOf(block);
        target += bytes;
        fileTargets[file] += bytes;
        if (has.get(block)) {
          present += bytes;
          filePresent[file] += bytes;
        }
      }
      planned += target;
      presentBytes += present;
      workers.add(new WorkerCoverage(member.peer().id(), target, present, report));
      if (report != null) {
        partialBytes += report.partialBytes();
        bytesPerSecond += report.bytesPerSecond();
        failureCount += report.failureCount();
        failures.addAll(report.failures());
      }
    }
    int copies = Math.max(1, plan.copies());
    this.targetBytes = job.totalBytes() * copies;
    this.homelessBytes = targetBytes - planned;
    for (int f = 0; f < fileTargets.length; f++) {
      files.add(
          new FileCoverage(
              job.files().get(f).path(),
              job.files().get(f).lengthBytes() * copies,
              filePresent[f]));
    }
    this.partialBytes = Math.min(partialBytes, targetBytes - presentBytes);
  }

  public static JobCoverage of(WarmupJob job, JobsView view) {
    return new JobCoverage(ShardPlan.of(job, view.members()), view.reports(job.id()));
  }

  public WarmupJob job() {
    return job;
  }

  /** By id. */
  public List<WorkerCoverage> workers() {
    return workers;
  }

  /** In the order of the job. */
  public List<FileCoverage> files() {
    return files;
  }

  /** What the workers said first, at most {@link JobReport#MAX_FAILURES} of each. */
  public List<Failure> failures() {
    return failures;
  }

  public int failureCount() {
    return failureCount;
  }

  /** All copies together. */
  public long targetBytes() {
    return targetBytes;
  }

  /** Complete and verified blocks on the workers that have to hold them. */
  public long presentBytes() {
    return presentBytes;
  }

  /** What has arrived of others. */
  public long partialBytes() {
    return partialBytes;
  }

  /** What no living worker is there for: too few workers, or too little memory. */
  public long homelessBytes() {
    return homelessBytes;
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Every byte is where it has to be, and nothing is known that could never be loaded. */
  public boolean isComplete() {
    return presentBytes == targetBytes && failureCount == 0;
  }

  /** How long the rest takes at the present rate; empty if that is 0. */
  public OptionalLong etaSeconds() {
    long left = targetBytes - presentBytes - partialBytes;
    return isComplete() || bytesPerSecond <= 0
        ? OptionalLong.empty()
        : OptionalLong.of((left + bytesPerSecond - 1) / bytesPerSecond);
  }

  /** 1000 only if complete. */
  public int permille() {
    int permille = targetBytes == 0 ? 1000 : (int) (1000.0 * presentBytes / targetBytes);
    return isComplete() ? permille : Math.min(permille, 999);
  }
}
