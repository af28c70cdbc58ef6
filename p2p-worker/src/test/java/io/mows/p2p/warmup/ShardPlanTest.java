// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static io.mows.p2p.warmup.Jobs.BLOCK_BYTES;
import static io.mows.p2p.warmup.Jobs.GIB;
import static io.mows.p2p.warmup.Jobs.job;
import static io.mows.p2p.warmup.Jobs.warmupWorkers;
import static io.mows.p2p.warmup.Jobs.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShardPlanTest {
  private static final long PLENTY = 1_000 * GIB;

  private static int[] counts(ShardPlan plan) {
    int[] counts = new int[plan.workers().size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = plan.share(plan.workers().get(i).peer().id()).cardinality();
    }
    return counts;
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 4", "2, 4, 8", "3, 30, 40", "7, 10, 80", "50, 100, 20"})
  void shouldGiveEveryBlockToOneWorkerAndAllAboutTheSame(int workers, int files, int blocks) {
    WarmupJob job = job(1, files, blocks);
    ShardPlan plan = ShardPlan.of(job, warmupWorkers(workers, PLENTY));

    for (int block = 0; block < plan.blockCount(); block++) {
      assertEquals(1, plan.holders(block).length, "block " + block);
    }
    double mean = (double) files * blocks / workers;
    for (int count : counts(plan)) {
      assertTrue(count <= Math.ceil(mean * 1.2), () -> count + " blocks, the mean is " + mean);
    }
  }

  @Test
  void shouldShareFourBlocksOfTwoWorkersEvenly() {
    for (int files = 1; files < 40; files++) {
      int[] counts = counts(ShardPlan.of(job(1, files, 4), warmupWorkers(2, PLENTY)));
      double share = counts[0] / (4.0 * files);
      assertTrue(share >= 0.4 && share <= 0.6, "share " + share + " of " + files + " files");
    }
  }

  @Test
  void shouldBeTheSameForEverybody() {
    WarmupJob job = job(2, 5, 20);
    List<Member> workers = warmupWorkers(6, PLENTY);
    ShardPlan plan = ShardPlan.of(job, workers);
    List<Member> shuffled = new ArrayList<>(workers);
    Collections.shuffle(shuffled, new Random(1));
    ShardPlan other = ShardPlan.of(job, shuffled);
    for (Member worker : workers) {
      assertEquals(plan.share(worker.peer().id()), other.share(worker.peer().id()));
    }
  }

  @Test
  void shouldMakeAsManyCopiesOnDifferentWorkers() {
    ShardPlan plan = ShardPlan.of(job(3, 4, 10), warmupWorkers(5, PLENTY));
    for (int block = 0; block < plan.blockCount(); block++) {
      int[] holders = plan.holders(block);
      assertEquals(3, holders.length);
      assertTrue(holders[0] != holders[1] && holders[1] != holders[2] && holders[0] != holders[2]);
    }
    ShardPlan everywhere = ShardPlan.of(job(WarmupJob.EVERYWHERE, 4, 10), warmupWorkers(5, PLENTY));
    for (int count : counts(everywhere)) {
      assertEquals(40, count);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 2", "8, 9", "9, 8", "20, 21"})
  void shouldMoveLittleMoreThanTheShareOfWhoComesOrGoes(int before, int after) {
    WarmupJob job = job(1, 20, 50);
    ShardPlan old = ShardPlan.of(job, warmupWorkers(before, PLENTY));
    ShardPlan fresh = ShardPlan.of(job, warmupWorkers(after, PLENTY));
    int moved = 0;
    for (Member worker : fresh.workers()) {
      BitSet more = fresh.share(worker.peer().id());
      more.andNot(old.share(worker.peer().id()));
      moved += more.cardinality();
    }
    double share = (double) old.blockCount() / Math.max(before, after);
    int total = moved;
    assertTrue(total <= 1.6 * share, () -> total + " blocks move, a share is " + share);
  }

  @Test
  void shouldKeepToTheMemoryOfEachWorkerAndSayWhatHasNoPlace() {
    List<Member> workers =
        List.of(
            worker(0, PeerRole.WARMUP, "any", 10 * BLOCK_BYTES),
            worker(1, PeerRole.WARMUP, "any", 100 * BLOCK_BYTES));
    int[] counts = counts(ShardPlan.of(job(1, 5, 10), workers));
    assertTrue(counts[0] <= 9, () -> counts[0] + " blocks for a memory of 10");
    assertEquals(50, counts[0] + counts[1]);

    ShardPlan full = ShardPlan.of(job(1, 20, 10), workers);
    int homeless = 0;
    for (int block = 0; block < full.blockCount(); block++) {
      homeless += full.holders(block).length == 0 ? 1 : 0;
    }
    assertTrue(homeless >= 200 - 9 - 90 && homeless <= 200 - 9 - 88, "homeless: " + homeless);
  }

  @Test
  void shouldMeanOnlyTheWorkersThatTheJobIsFor() {
    List<Member> workers = new ArrayList<>(warmupWorkers(2, PLENTY));
    workers.add(worker(7, PeerRole.INSTANCE, "any", PLENTY));
    assertEquals(2, ShardPlan.of(job(1, 1, 10), workers).workers().size());
    assertTrue(
        ShardPlan.of(job(1, 1, 10), workers).share("worker-7:29991").isEmpty(), "an instance");
  }
}
