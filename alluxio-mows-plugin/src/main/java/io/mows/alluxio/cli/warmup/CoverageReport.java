// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.alluxio.status.WarmupRows;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.warmup.FileCoverage;
import io.mows.p2p.warmup.JobCoverage;
import io.mows.p2p.warmup.WorkerCoverage;
import java.io.PrintStream;
import java.util.Locale;

/** One warm-up job and how far it is, for people and for programs. Immutable. */
final class CoverageReport {
  private final JobCoverage coverage;

  CoverageReport(JobCoverage coverage) {
    this.coverage = coverage;
  }

  /** What a script wants to know; one of {@link WarmupExit}. */
  int exitCode() {
    if (coverage.isComplete()) {
      return WarmupExit.COMPLETE;
    }
    boolean failing = coverage.failureCount() > 0 || coverage.homelessBytes() > 0;
    return failing || coverage.job().isStopped() ? WarmupExit.FAILING : WarmupExit.UNDER_WAY;
  }

  /** RUNNING, COMPLETE, FAILING or STOPPED. */
  String state() {
    return WarmupRows.state(coverage);
  }

  String percent() {
    return String.format(Locale.ROOT, "%.1f %%", coverage.permille() / 10.0);
  }

  /** As in "43.2 %, 110.00MB of 256.00MB verified, 30.00MB/s, 5 s left". */
  String line() {
    StringBuilder line = new StringBuilder(percent());
    line.append(", ").append(getSizeFromBytes(coverage.presentBytes())).append(" of ");
    line.append(getSizeFromBytes(coverage.targetBytes())).append(" in memory");
    if (!coverage.isComplete()) {
      if (coverage.partialBytes() > 0) {
        line.append(", ").append(getSizeFromBytes(coverage.partialBytes())).append(" arriving");
      }
      line.append(", ").append(getSizeFromBytes(coverage.bytesPerSecond())).append("/s");
      coverage.etaSeconds().ifPresent(s -> line.append(", ").append(s).append(" s left"));
    }
    return line.toString();
  }

  String copies() {
    int replicas = coverage.job().replicas();
    if (replicas == WarmupJob.EVERYWHERE) {
      return "a copy on each";
    }
    return replicas == 1 ? "1 copy" : replicas + " copies";
  }

  void print(PrintStream out) {
    WarmupJob job = coverage.job();
    out.println(
        "Job "
            + job.id()
            + " "
            + WarmupFileChoice.toText(job.paths())
            + " on "
            + job.target()
            + ", "
            + copies()
            + (job.isPinned() ? ", pinned" : ""));
    out.println(state() + ": " + line());
    TextTable workers =
        new TextTable()
            .text("WORKER")
            .number("SHARE")
            .number("IN MEMORY")
            .number("RATE")
            .number("FAILURES");
    for (WorkerCoverage worker : coverage.workers()) {
      workers.row(
          worker.peerId(),
          getSizeFromBytes(worker.targetBytes()),
          getSizeFromBytes(worker.presentBytes()),
          getSizeFromBytes(worker.bytesPerSecond()) + "/s",
          worker.hasReported() || worker.targetBytes() == 0 ? worker.failureCount() : "not heard");
    }
    workers.print(out, "no worker is there for it");
    TextTable files = new TextTable().text("FILE").number("SIZE").number("IN MEMORY");
    for (FileCoverage file : coverage.files()) {
      files.row(
          file.path(), getSizeFromBytes(file.targetBytes()), getSizeFromBytes(file.presentBytes()));
    }
    files.print(out, "no files");
    printFailures(out);
  }

  void printFailures(PrintStream out) {
    if (coverage.homelessBytes() > 0) {
      out.println(
          getSizeFromBytes(coverage.homelessBytes())
              + " have no worker: there are too few for so many copies, or they have too little"
              + " memory");
    }
    for (Failure failure : coverage.failures()) {
      out.println(failure.path() + ": " + failure.reason());
    }
    if (coverage.failureCount() > coverage.failures().size()) {
      out.println("and " + (coverage.failureCount() - coverage.failures().size()) + " more files");
    }
  }

  void write(ObjectNode json) {
    WarmupJob job = coverage.job();
    json.put("id", job.id()).put("state", state()).put("complete", coverage.isComplete());
    ArrayNode paths = json.putArray("paths");
    job.paths().forEach(paths::add);
    json.put("target", job.target().toString()).put("replicas", job.replicas());
    json.put("pinned", job.isPinned()).put("bandwidthBytesPerSecond", job.bytesPerSecond());
    json.put("submittedMs", job.submittedMs());
    json.put("targetBytes", coverage.targetBytes()).put("presentBytes", coverage.presentBytes());
    json.put("arrivingBytes", coverage.partialBytes());
    json.put("homelessBytes", coverage.homelessBytes());
    json.put("bytesPerSecond", coverage.bytesPerSecond());
    coverage.etaSeconds().ifPresent(seconds -> json.put("etaSeconds", seconds));
    ArrayNode workers = json.putArray("workers");
    for (WorkerCoverage worker : coverage.workers()) {
      workers
          .addObject()
          .put("worker", worker.peerId())
          .put("targetBytes", worker.targetBytes())
          .put("presentBytes", worker.presentBytes())
          .put("bytesPerSecond", worker.bytesPerSecond())
          .put("failures", worker.failureCount())
          .put("hasReported", worker.hasReported());
    }
    ArrayNode files = json.putArray("files");
    for (FileCoverage file : coverage.files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("targetBytes", file.targetBytes())
          .put("presentBytes", file.presentBytes());
    }
    json.put("failureCount", coverage.failureCount());
    ArrayNode failures = json.putArray("failures");
    for (Failure failure : coverage.failures()) {
      failures.addObject().put("path", failure.path()).put("reason", failure.reason());
    }
  }
}
