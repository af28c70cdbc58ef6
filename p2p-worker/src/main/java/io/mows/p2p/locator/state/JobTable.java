// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.SaidReport;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The warm-up jobs and what the workers said of them: a part of {@link LocatorState}. A report
 * belongs to one life of its worker. Immutable.
 */
final class JobTable {
  static final JobTable EMPTY = new JobTable(0, PersistentMap.empty(), PersistentMap.empty());

  private static final int MAX_REPORTS = 1_000_000;
  private static final String SEPARATOR = "\n";

  private final long version;
  private final PersistentMap<String, WarmupJob> jobs;
  private final PersistentMap<String, SaidReport> reports;

  private JobTable(
      long version,
      PersistentMap<String, WarmupJob> jobs,
      PersistentMap<String, SaidReport> reports) {
    this.version = version;
    this.jobs = jobs;
    this.reports = reports;
  }

  /** Another number whenever a job has come, gone or changed. */
  long version() {
    return version;
  }

  /** By id. */
  PersistentMap<String, WarmupJob> jobs() {
    return jobs;
  }

  boolean hasRoomFor(WarmupJob job) {
    return jobs.containsKey(job.id()) || jobs.size() < LocatorLimits.MAX_JOBS;
  }

  /** With {@code job}, in the place of the one with this id; that one's reports count no more. */
  JobTable with(WarmupJob job) {
    WarmupJob known = jobs.get(job.id());
    boolean sameFiles = known != null && known.files().equals(job.files());
    JobTable kept = sameFiles ? this : withoutReports(key -> key.startsWith(key(job.id(), "")));
    return new JobTable(version + 1, jobs.with(job.id(), job), kept.reports);
  }

  JobTable without(String jobId) {
    JobTable rest = withoutReports(key -> key.startsWith(key(jobId, "")));
    return new JobTable(version + 1, jobs.without(jobId), rest.reports);
  }

  /** What the worker said before of this job is replaced. */
  JobTable with(String peerId, long session, JobReport report) {
    String key = key(report.jobId(), peerId);
    boolean isMeant = jobs.containsKey(report.jobId());
    boolean fits = reports.size() < MAX_REPORTS || reports.containsKey(key);
    return isMeant && fits
        ? new JobTable(version, jobs, reports.with(key, new SaidReport(peerId, session, report)))
        : this;
  }

  /** Without what those said who are gone. */
  JobTable withoutReportsOf(Predicate<String> isGone) {
    return withoutReports(key -> isGone.test(key.substring(key.indexOf(SEPARATOR) + 1)));
  }

  private JobTable withoutReports(Predicate<String> unwanted) {
    List<String> gone = new ArrayList<>();
    reports.forEach(
        (key, said) -> {
          if (unwanted.test(key)) {
            gone.add(key);
          }
        });
    PersistentMap<String, SaidReport> rest = reports;
    for (String key : gone) {
      rest = rest.without(key);
    }
    return new JobTable(version, jobs, rest);
  }

  private static String key(String jobId, String peerId) {
    return jobId + SEPARATOR + peerId;
  }

  void forEachReport(BiConsumer<String, SaidReport> action) {
    reports.forEach(action);
  }

  void write(WireWriter out) {
    List<WarmupJob> sortedJobs = new ArrayList<>();
    jobs.forEach((id, job) -> sortedJobs.add(job));
    sortedJobs.sort(Comparator.comparing(WarmupJob::id));
    List<String> keys = new ArrayList<>();
    reports.forEach((key, said) -> keys.add(key));
    keys.sort(null);
    out.putNumber(version).putNumber(sortedJobs.size());
    sortedJobs.forEach(job -> job.write(out));
    out.putNumber(keys.size());
    keys.forEach(key -> reports.get(key).write(out));
  }

  static JobTable read(WireReader in) throws WireException {
    long version = in.readNumber(Long.MAX_VALUE, "the version of the jobs");
    PersistentMap<String, WarmupJob> jobs = PersistentMap.empty();
    int jobCount = in.readCount(LocatorLimits.MAX_JOBS, "jobs");
    for (int i = 0; i < jobCount; i++) {
      WarmupJob job = WarmupJob.read(in);
      jobs = jobs.with(job.id(), job);
    }
    PersistentMap<String, SaidReport> reports = PersistentMap.empty();
    int reportCount = in.readCount(MAX_REPORTS, "reports");
    for (int i = 0; i < reportCount; i++) {
      SaidReport said = SaidReport.read(in);
      reports = reports.with(key(said.report().jobId(), said.peerId()), said);
    }
    return new JobTable(version, jobs, reports);
  }
}
