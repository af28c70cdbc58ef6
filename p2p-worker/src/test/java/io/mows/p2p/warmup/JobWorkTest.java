// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static io.mows.p2p.warmup.Jobs.BLOCK_BYTES;
import static io.mows.p2p.warmup.Jobs.GIB;
import static io.mows.p2p.warmup.Jobs.job;
import static io.mows.p2p.warmup.Jobs.warmupWorkers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class JobWorkTest {
  private static final String SELF = "worker-0:29991";
  private static final String LANE = "job";

  private final FakeWorker worker = new FakeWorker();
  private int idleCount;
  private final JobWork work =
      new JobWork(SELF, LANE, worker, worker, worker, Runnable::run, () -> idleCount++);
  private long nowNs;

  private void step(WarmupJob job, List<Member> members) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(500);
    work.step(job, members, nowNs);
  }

  private long blockId(WarmupJob job, int file, int block) {
    return FakeWorker.blockId(job.files().get(file), block);
  }

  @Test
  void shouldLoadItsShareAndNothingElse() {
    WarmupJob job = job(1, 2, 10);
    List<Member> two = warmupWorkers(2, 100 * GIB);
    step(job, two);
    int share = ShardPlan.of(job, two).share(SELF).cardinality();
    assertEquals(share, worker.loading.size());
    assertEquals(share, worker.assigned, "of one copy nobody else reads this from the origin");
    step(job, two);
    assertEquals(share, worker.loading.size(), "nothing is asked for twice");

    assertEquals(0, idleCount);
    worker.arrive();
    assertEquals(1, idleCount, "it may be complete: nobody has to look for it");
    step(job, two);
    assertTrue(work.isComplete());
    assertEquals(ShardPlan.of(job, two).share(SELF), work.report().blocks());
  }

  /** Who knew of nobody else has begun with all of it. */
  @Test
  void shouldNotGoOnLoadingWhatOthersLoadNow() {
    WarmupJob job = job(1, 2, 10);
    step(job, warmupWorkers(1, 100 * GIB));
    assertEquals(20, worker.loading.size());
    List<Member> two = warmupWorkers(2, 100 * GIB);
    step(job, two);
    int share = ShardPlan.of(job, two).share(SELF).cardinality();
    assertEquals(share, worker.loading.size());

    worker.arrive();
    step(job, two);
    assertTrue(work.isComplete());
    assertEquals(share, worker.memory.size());
  }

  @Test
  void shouldLeaveWhatIsUnderWayIfItsShareGrows() {
    WarmupJob job = job(1, 2, 10);
    step(job, warmupWorkers(2, 100 * GIB));
    List<CompletableFuture<Void>> before = List.copyOf(worker.loading.values());
    step(job, warmupWorkers(1, 100 * GIB));
    assertEquals(20, worker.loading.size());
    assertTrue(before.stream().noneMatch(CompletableFuture::isDone), "it goes on");
  }

  /** A model of which a file can never be loaded is not whole, whatever else is in memory. */
  @Test
  void shouldSayWhatTheOriginHasAndAlluxioHides() {
    worker.hidden = List.of(new Failure("/model/why?", "Alluxio does not show it"));
    WarmupJob job = job(1, 1, 1);
    List<Member> one = warmupWorkers(1, 100 * GIB);
    step(job, one);
    worker.arrive();
    step(job, one);
    assertEquals("/model/why?", work.report().failures().get(0).path());
    JobCoverage coverage = JobCoverage.of(job, Jobs.view(job, one, Map.of(SELF, work.report())));
    assertEquals(job.totalBytes(), coverage.presentBytes());
    assertFalse(coverage.isComplete());
    assertEquals(999, coverage.permille());
    assertEquals(1, worker.looks, "not at each step");

    worker.hidden = List.of();
    nowNs += HiddenFailures.AGAIN_NS;
    step(job, one);
    assertEquals(0, work.report().failureCount());
  }

  @Test
  void shouldSayThatAFileInMemoryIsBroken() {
    WarmupJob job = job(1, 1, 1);
    List<Member> one = warmupWorkers(1, 100 * GIB);
    worker.faults.put("/model/0", "it is a web page");
    step(job, one);
    assertEquals(0, work.report().failureCount(), "nobody has it yet");
    worker.arrive();
    step(job, one);
    assertEquals("it is broken: it is a web page", work.report().failures().get(0).reason());
  }

  @Test
  void shouldTakeOverWhatALostWorkerHeld() {
    WarmupJob job = job(1, 2, 10);
    List<Member> two = warmupWorkers(2, 100 * GIB);
    step(job, two);
    worker.arrive();
    step(job, two);
    step(job, two.subList(0, 1));
    assertFalse(work.isComplete());
    worker.arrive();
    step(job, two.subList(0, 1));
    assertTrue(work.isComplete());
    assertEquals(20, worker.memory.size());
  }

  @Test
  void shouldTryAgainLaterWhatFailedAndSayWhy() {
    WarmupJob job = job(1, 1, 2);
    List<Member> one = warmupWorkers(1, 100 * GIB);
    step(job, one);
    worker.fail(blockId(job, 0, 1), new IOException("the origin is on fire"));
    worker.arrive();
    step(job, one);
    assertEquals(1, work.report().failureCount());
    assertEquals("the origin is on fire", work.report().failures().get(0).reason());
    assertTrue(worker.loading.isEmpty(), "not at once");
    nowNs += TimeUnit.SECONDS.toNanos(3);
    step(job, one);
    assertEquals(1, worker.loading.size());
    worker.arrive();
    step(job, one);
    assertTrue(work.isComplete());
    assertEquals(0, work.report().failureCount());
  }

  @Test
  void shouldSayThatAFileIsGone() {
    WarmupJob job = job(1, 2, 1);
    worker.gone.add("/model/0");
    List<Member> one = warmupWorkers(1, 100 * GIB);
    step(job, one);
    worker.arrive();
    step(job, one);
    assertEquals(1, work.report().blocks().cardinality());
    assertEquals("/model/0 is gone", work.report().failures().get(0).reason());
  }

  @Test
  void shouldLoadAgainWhatWasEvictedOnlyIntoFreeMemory() {
    WarmupJob job = job(1, 1, 4);
    List<Member> one = warmupWorkers(1, 100 * GIB);
    step(job, one);
    worker.arrive();
    step(job, one);

    worker.memory.clear();
    worker.freeBytes = BLOCK_BYTES - 1;
    step(job, one);
    assertTrue(worker.loading.isEmpty(), "it would drive out what drove it out");
    assertFalse(work.isComplete());
    assertTrue(work.report().failures().get(0).reason().contains("evicted"));

    worker.freeBytes = 2 * BLOCK_BYTES;
    step(job, one);
    assertEquals(2, worker.loading.size());
  }

  @Test
  void shouldDropWhatIsTheOthersShareOfAModelThatIsTooLargeForOne() {
    WarmupJob job = job(1, 1, 10);
    List<Member> two = warmupWorkers(2, 8 * BLOCK_BYTES);
    worker.capacityBytes = 8 * BLOCK_BYTES;
    worker.freeBytes = 0;
    BitSet share = ShardPlan.of(job, two).share(SELF);
    for (int block = 0; block < 10; block++) {
      if (!share.get(block)) {
        worker.memory.add(blockId(job, 0, block));
      }
    }
    step(job, two);
    assertEquals(share.cardinality(), worker.loading.size());
    assertTrue(worker.memory.isEmpty(), "each block of the share took the place of another");
    assertEquals(share, work.keptShares().get(job.files().get(0).id()));
  }

  @Test
  void shouldEndWhatIsUnderWayWhenItIsStopped() {
    WarmupJob job = job(1, 1, 4);
    step(job, warmupWorkers(1, 100 * GIB));
    work.end();
    assertEquals(List.of(LANE), worker.ended.subList(worker.ended.size() - 1, worker.ended.size()));
    assertTrue(worker.loading.isEmpty());
  }

  @Test
  void shouldNotLoadWhatIsForOthers() {
    WarmupJob job = job(WarmupJob.EVERYWHERE, 1, 4);
    step(job, warmupWorkers(3, 100 * GIB).subList(1, 3));
    assertTrue(worker.loading.isEmpty());
    assertFalse(work.hasShare());
  }
}
