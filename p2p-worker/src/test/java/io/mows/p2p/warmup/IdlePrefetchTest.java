// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static io.mows.p2p.warmup.Jobs.BLOCK_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.LaneLoads.Activity;
import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.locator.jobs.JobFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IdlePrefetchTest {
  private static final long LINK = 200_000_000;
  private static final JobFile OFTEN = new JobFile(1, "/often/a", 3 * BLOCK_BYTES, BLOCK_BYTES);
  private static final JobFile SELDOM = new JobFile(2, "/seldom/a", 2 * BLOCK_BYTES, BLOCK_BYTES);

  private final FakeWorker worker = new FakeWorker();
  private IdlePrefetch prefetch = prefetch(true);
  private long nowNs;

  private IdlePrefetch prefetch(boolean on) {
    return new IdlePrefetch(
        new WarmupSettings(List.of(), on, () -> LINK), worker, worker, worker, Runnable::run);
  }

  @BeforeEach
  void models() {
    worker.directories.put("/often", List.of(OFTEN));
    worker.directories.put("/seldom", List.of(SELDOM));
    worker.capacityBytes = 10 * BLOCK_BYTES;
    worker.freeBytes = 10 * BLOCK_BYTES;
  }

  private void step(boolean busy) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(500);
    prefetch.step(List.of("/often", "/seldom"), busy, nowNs);
  }

  private void arrive() {
    worker.freeBytes -= worker.loading.size() * BLOCK_BYTES;
    worker.arrive();
  }

  @Test
  void shouldBringWhatIsUsedMostFirstAFewBlocksAtATime() {
    step(false);
    step(false);
    assertEquals(Set.of(1_000L, 1_001L), worker.loading.keySet());
    assertEquals(LINK / 2, worker.rates.get("prefetch"));
    assertEquals(Manners.ENDS, worker.manners.get("prefetch"));
    for (int i = 0; i < 5; i++) {
      arrive();
      step(false);
    }
    assertEquals(5, worker.memory.size());
    assertEquals(5 * BLOCK_BYTES, prefetch.prefetchedBytes());
    assertEquals(0, worker.assigned);
  }

  @Test
  void shouldGoOnAtOnceWhenABlockHasArrived() {
    step(false);
    step(false);
    arrive();
    assertEquals(Set.of(1_002L, 2_000L), worker.loading.keySet());
  }

  @Test
  void shouldNotBringBackWhatSomebodyHasFreed() {
    step(false);
    step(false);
    prefetch.freed("/often", nowNs);
    assertEquals(List.of("prefetch"), worker.ended);
    step(false);
    assertEquals(Set.of(2_000L, 2_001L), worker.loading.keySet());
    arrive();
    step(false);
    assertEquals(Set.of(), worker.loading.keySet());
  }

  @Test
  void shouldBringWhatIsUsedAgainAfterItWasFreed() {
    step(false);
    prefetch.freed("/often", nowNs);
    nowNs += TimeUnit.SECONDS.toNanos(6);
    step(false);
    assertEquals(Set.of(1_000L, 1_001L), worker.loading.keySet());
  }

  @Test
  void shouldNotGoOnWhenItIsNotIdleAnyMore() {
    step(false);
    step(false);
    worker.activity = new Activity(true, nowNs, false, 0);
    step(false);
    arrive();
    assertTrue(worker.loading.isEmpty());
    assertEquals(2, worker.memory.size());
  }

  @Test
  void shouldNotGoOnAtOnceAfterAFailure() {
    step(false);
    step(false);
    worker.fail(1_000, new IOException("the origin is away"));
    worker.fail(1_001, new IOException("the origin is away"));
    assertTrue(worker.loading.isEmpty());
    step(false);
    assertEquals(Set.of(1_000L, 1_001L), worker.loading.keySet());
  }

  @Test
  void shouldNotEvictNorFillMemoryToTheBrim() {
    worker.freeBytes = 4 * BLOCK_BYTES;
    for (int i = 0; i < 6; i++) {
      step(false);
      arrive();
    }
    assertEquals(2, worker.memory.size());
    assertEquals(2 * BLOCK_BYTES, worker.freeBytes, "a fifth of 10 blocks stays free");
  }

  @Test
  void shouldDoNothingWhileSomebodyReadsOrLoads() {
    step(true);
    step(true);
    worker.activity = new Activity(true, nowNs, false, 0);
    step(false);
    step(false);
    assertTrue(worker.loading.isEmpty());
  }

  @Test
  void shouldEndForAJob() {
    step(false);
    step(false);
    step(true);
    assertTrue(worker.loading.isEmpty());
    assertEquals(List.of("prefetch"), worker.ended);
  }

  @Test
  void shouldDoNothingWhenItIsSwitchedOff() {
    prefetch = prefetch(false);
    step(false);
    step(false);
    assertTrue(worker.loading.isEmpty());
  }

  @Test
  void shouldPassOverAModelThatIsGone() {
    worker.directories.remove("/often");
    step(false);
    step(false);
    assertEquals(Set.of(2_000L, 2_001L), worker.loading.keySet());
  }
}
