// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.JobCoverage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The warm-up jobs and how far they are, newest first, {@value #MAX_JOBS} at most. Pure. */
public final class WarmupRows {
  static final int MAX_JOBS = 50;
  private static final int MAX_PATHS = 5;
  private static final int MAX_FAILURES = 5;

  private WarmupRows() {}

  public static void write(ObjectNode json, JobsView view) {
    List<WarmupJob> jobs = new ArrayList<>(view.jobs());
    jobs.sort(Comparator.comparingLong(WarmupJob::submittedMs).reversed());
    json.put("jobsCount", jobs.size());
    ArrayNode array = json.putArray("jobs");
    jobs.stream()
        .limit(MAX_JOBS)
        .forEach(job -> write(array.addObject(), JobCoverage.of(job, view)));
  }

  private static void write(ObjectNode json, JobCoverage coverage) {
    WarmupJob job = coverage.job();
    json.put("id", job.id()).put("state", state(coverage));
    ArrayNode paths = json.putArray("paths");
    job.paths().stream().limit(MAX_PATHS).forEach(paths::add);
    json.put("pathsCount", job.paths().size());
    json.put("target", job.target().toString()).put("replicas", job.replicas());
    json.put("pinned", job.isPinned()).put("submittedMs", job.submittedMs());
    json.put("targetBytes", coverage.targetBytes()).put("presentBytes", coverage.presentBytes());
    json.put("arrivingBytes", coverage.partialBytes());
    json.put("homelessBytes", coverage.homelessBytes());
    json.put("permille", coverage.permille()).put("bytesPerSecond", coverage.bytesPerSecond());
    coverage.etaSeconds().ifPresent(seconds -> json.put("endSeconds", seconds));
    json.put("failureCount", coverage.failureCount());
    ArrayNode failures = json.putArray("failures");
    for (Failure failure :
        coverage.failures().subList(0, Math.min(MAX_FAILURES, coverage.failures().size()))) {
      failures.addObject().put("path", failure.path()).put("reason", failure.reason());
    }
  }

  /** RUNNING, COMPLETE, FAILING or STOPPED. */
  public static String state(JobCoverage coverage) {
    if (coverage.job().isStopped()) {
      return "STOPPED";
    }
    if (coverage.isComplete()) {
      return "COMPLETE";
    }
    boolean failing = coverage.failureCount() > 0 || coverage.homelessBytes() > 0;
    return failing ? "FAILING" : "RUNNING";
  }
}
