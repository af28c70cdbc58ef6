// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static io.mows.p2p.warmup.Jobs.GIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.JobsView.Member;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PreloadTest {
  private static final long CAPACITY_BYTES = 100 * GIB;
  private static final int BLOCKS = 20;

  private final FakeWorker worker = new FakeWorker();
  private long nowNs;

  private Preload preload(PeerRole role) {
    Member self = Jobs.worker(0, role, "any", CAPACITY_BYTES);
    worker.directories.put("/model", Jobs.job(1, 2, BLOCKS / 2).files());
    return new Preload(
        self.peer(),
        List.of("/model"),
        worker,
        lane ->
            new JobWork(self.peer().id(), lane, worker, worker, worker, Runnable::run, () -> {}));
  }

  private void step(Preload preload, List<Member> members, boolean isSettled) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(500);
    preload.step(members, isSettled, CAPACITY_BYTES, nowNs);
  }

  @Test
  void shouldLoadAllOfItIntoAnInstanceAtOnce() {
    step(preload(PeerRole.INSTANCE), List.of(), false);
    assertEquals(BLOCKS, worker.loading.size());
  }

  /** Four that begin together would each load what is for all four. */
  @Test
  void shouldWaitUntilAllWarmupWorkersAreKnown() {
    Preload preload = preload(PeerRole.WARMUP);
    step(preload, List.of(), false);
    step(preload, Jobs.warmupWorkers(2, CAPACITY_BYTES), false);
    assertEquals(0, worker.loading.size());
    assertTrue(preload.missingBytes() > 0, "it is not done");

    step(preload, Jobs.warmupWorkers(4, CAPACITY_BYTES), true);
    assertEquals(BLOCKS / 4, worker.loading.size());
    worker.arrive();
    step(preload, Jobs.warmupWorkers(4, CAPACITY_BYTES), true);
    assertEquals(0, preload.missingBytes());
  }

  @Test
  void shouldBeginAloneIfTheLocatorDoesNotAnswerForLong() {
    Preload preload = preload(PeerRole.WARMUP);
    step(preload, List.of(), false);
    nowNs += Preload.PATIENCE_NS - TimeUnit.SECONDS.toNanos(1);
    step(preload, List.of(), false);
    assertEquals(0, worker.loading.size());
    nowNs += TimeUnit.SECONDS.toNanos(1);
    step(preload, List.of(), false);
    assertEquals(BLOCKS, worker.loading.size());
  }
}
