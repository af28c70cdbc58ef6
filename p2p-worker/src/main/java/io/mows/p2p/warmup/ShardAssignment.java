// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Works out which worker has to hold which block of a job.
 *
 * <p>Rendezvous hashing with a bound on the load (Mirrokni, Thorup, Zadimoghaddam: "Consistent
 * Hashing with Bounded Loads", 2018): each block goes to the worker that it ranks highest among
 * those that have room left, so a worker that comes or goes moves little more than its share, and
 * no worker has more than {@value #BOUND} of the mean. No worker gets more than fits into {@value
 * #MEMORY_PERCENT} % of its memory. For one thread, and one {@link #assign}.
 */
final class ShardAssignment {
  /** How much more than the mean one worker may get. */
  static final double BOUND = 1.1;

  /** What else a worker reads needs some room, too. */
  static final int MEMORY_PERCENT = 90;

  private final WarmupJob job;
  private final JobBlocks blocks;
  private final List<Member> workers;
  private final int copies;

  /**
   * @param workers those that are meant, in an order that all agree on
   */
  ShardAssignment(WarmupJob job, JobBlocks blocks, List<Member> workers, int copies) {
    this.job = job;
    this.blocks = blocks;
    this.workers = workers;
    this.copies = copies;
  }

  /** For each block the indexes of its workers, the first in rank first. */
  int[][] assign() {
    int[][] holders = new int[blocks.count()][];
    long[] left = room();
    List<Integer> order = new ArrayList<>();
    for (int block = 0; block < holders.length; block++) {
      order.add(block);
    }
    // In the order of a hash: which block finds a worker full has nothing to do with its place.
    order.sort(Comparator.comparingLong(block -> Rendezvous.combine(blocks.key(block), 0)));
    long[] load = new long[workers.size()];
    for (int block : order) {
      holders[block] = choose(block, left, load);
    }
    return holders;
  }

  /** How much each worker takes at most: the bound, or its memory if that is less. */
  private long[] room() {
    long[] quota = new long[workers.size()];
    for (int i = 0; i < quota.length; i++) {
      quota[i] = workers.get(i).capacityBytes() / 100 * MEMORY_PERCENT;
    }
    if (job.replicas() == WarmupJob.EVERYWHERE) {
      return quota;
    }
    long bound = (long) (BOUND * level(quota, (double) job.totalBytes() * copies));
    for (int i = 0; i < quota.length; i++) {
      quota[i] = Math.min(quota[i], bound);
    }
    return quota;
  }

  /**
   * The mean over the workers, where those that hold less are full and the others take the rest.
   */
  private static double level(long[] quota, double bytes) {
    long[] sorted = quota.clone();
    Arrays.sort(sorted);
    double rest = bytes;
    for (int i = 0; i < sorted.length; i++) {
      double each = rest / (sorted.length - i);
      if (sorted[i] >= each) {
        return each;
      }
      rest -= sorted[i];
    }
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  private int[] choose(int block, long[] bound, long[] load) {
    long bytes = blocks.lengthOf(block);
    int wanted = Math.min(copies, workers.size());
    int[] chosen = new int[wanted];
    int count = 0;
    boolean[] taken = new boolean[workers.size()];
    while (count < wanted) {
      int best = best(block, bytes, bound, load, taken);
      if (best < 0) {
        break;
      }
      taken[best] = true;
      load[best] += bytes;
      chosen[count++] = best;
    }
    return Arrays.copyOf(chosen, count);
  }

  /** The highest in rank that has room; if all are at their bound, the one with least in memory. */
  private int best(int block, long bytes, long[] bound, long[] load, boolean[] taken) {
    int best = -1;
    int least = -1;
    for (int i = 0; i < workers.size(); i++) {
      if (taken[i]) {
        continue;
      }
      if (load[i] + bytes <= bound[i] && (best < 0 || ranksHigher(block, i, best))) {
        best = i;
      }
      boolean fits = load[i] + bytes <= workers.get(i).capacityBytes() / 100 * MEMORY_PERCENT;
      if (fits && (least < 0 || load[i] < load[least])) {
        least = i;
      }
    }
    return best >= 0 ? best : least;
  }

  private boolean ranksHigher(int block, int worker, int other) {
    long key = blocks.key(block);
    return Long.compareUnsigned(
            Rendezvous.combine(key, workers.get(worker).peer().idHash()),
            Rendezvous.combine(key, workers.get(other).peer().idHash()))
        > 0;
  }
}
