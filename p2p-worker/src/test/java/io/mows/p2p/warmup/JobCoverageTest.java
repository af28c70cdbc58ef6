// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static io.mows.p2p.warmup.Jobs.BLOCK_BYTES;
import static io.mows.p2p.warmup.Jobs.GIB;
import static io.mows.p2p.warmup.Jobs.complete;
import static io.mows.p2p.warmup.Jobs.job;
import static io.mows.p2p.warmup.Jobs.report;
import static io.mows.p2p.warmup.Jobs.view;
import static io.mows.p2p.warmup.Jobs.warmupWorkers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobCoverageTest {
  private final WarmupJob job = job(1, 3, 10);
  private final List<Member> three = warmupWorkers(3, GIB * 100);

  private JobCoverage coverage(List<Member> workers, Map<String, JobReport> reports) {
    return JobCoverage.of(job, view(job, workers, reports));
  }

  @Test
  void shouldBeCompleteOnlyWithEveryByte() {
    Map<String, JobReport> reports = complete(job, three);
    assertTrue(coverage(three, reports).isComplete());
    assertEquals(1000, coverage(three, reports).permille());

    String one = three.get(1).peer().id();
    BitSet lacking = reports.get(one).blocks();
    lacking.clear(lacking.nextSetBit(0));
    reports.put(one, report(job, lacking));
    JobCoverage almost = coverage(three, reports);
    assertFalse(almost.isComplete());
    assertEquals(job.totalBytes() - BLOCK_BYTES, almost.presentBytes());
    assertTrue(almost.permille() < 1000);
  }

  @Test
  void shouldNotCountWhatIsOnTheWrongWorker() {
    Map<String, JobReport> reports = new HashMap<>();
    BitSet all = new BitSet();
    all.set(0, job.blockCount());
    reports.put(three.get(0).peer().id(), report(job, all));
    long share = coverage(three, reports).workers().get(0).targetBytes();
    assertEquals(share, coverage(three, reports).presentBytes());
  }

  @Test
  void shouldBeIncompleteAgainWhenAWorkerIsLostAndHeal() {
    Map<String, JobReport> reports = complete(job, three);
    List<Member> two = three.subList(0, 2);
    reports.remove(three.get(2).peer().id());
    JobCoverage less = coverage(two, reports);
    assertFalse(less.isComplete(), "the share of the lost one is missing");
    assertEquals(job.totalBytes(), less.targetBytes());

    assertTrue(coverage(two, complete(job, two)).isComplete());
  }

  @Test
  void shouldSayWhatHasNoWorker() {
    WarmupJob twice = job(2, 3, 10);
    List<Member> one = three.subList(0, 1);
    JobCoverage coverage = JobCoverage.of(twice, view(twice, one, complete(twice, one)));
    assertFalse(coverage.isComplete());
    assertEquals(twice.totalBytes(), coverage.homelessBytes());
    assertEquals(500, coverage.permille());

    JobCoverage none = JobCoverage.of(twice, view(twice, List.of(), Map.of()));
    assertFalse(none.isComplete());
  }

  @Test
  void shouldTellRateTimeLeftAndFailures() {
    Map<String, JobReport> reports = new HashMap<>();
    String id = three.get(0).peer().id();
    reports.put(
        id,
        new JobReport(
            job.id(),
            new BitSet(),
            BLOCK_BYTES / 2,
            BLOCK_BYTES,
            List.of(new Failure("/model/1", "the origin is on fire")),
            7));
    JobCoverage coverage = coverage(three, reports);
    assertEquals(BLOCK_BYTES, coverage.bytesPerSecond());
    assertEquals(BLOCK_BYTES / 2, coverage.partialBytes());
    assertEquals(30, coverage.etaSeconds().getAsLong());
    assertEquals(7, coverage.failureCount());
    assertEquals("the origin is on fire", coverage.failures().get(0).reason());
  }

  @Test
  void shouldCountFilesOverAllCopies() {
    WarmupJob everywhere = job(WarmupJob.EVERYWHERE, 2, 5);
    JobCoverage coverage =
        JobCoverage.of(everywhere, view(everywhere, three, complete(everywhere, three)));
    assertTrue(coverage.isComplete());
    assertEquals(3 * 5 * BLOCK_BYTES, coverage.files().get(1).targetBytes());
    assertEquals(3 * 5 * BLOCK_BYTES, coverage.files().get(1).presentBytes());
  }
}
