// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Which worker has to hold which block of a job. A function of the job and of the living workers
 * alone, so everybody comes to the same plan. Immutable.
 *
 * <p>Rendezvous hashing with a bound on the load (Mirrokni, Thorup, Zadimoghaddam: "Consistent
 * Hashing with Bounded Loads", 2018): each block goes to the worker that it ranks highest among
 * those that have room left, so a worker that comes or goes moves little more than its share, and
 * no worker has more than {@value #BOUND} of the mean. No worker gets more than fits into {@value
 * #MEMORY_PERCENT} % of its memory.
 */
public final class ShardPlan {
  /** How much more than the mean one worker may get. */
  static final double BOUND = 1.1;

  /** What else a worker reads needs some room, too. */
  static final int MEMORY_PERCENT = 90;

  private final WarmupJob job;
  private final List<Member> workers;
  private final int copies;
  private final int[] fileOfBlock;
  private final int[] firstBlockOfFile;
  private final int[][] holders;

  private ShardPlan(WarmupJob job, List<Member> workers) {
    this.job = job;
    this.workers = workers;
    this.copies = job.replicas() == WarmupJob.EVERYWHERE ? workers.size() : job.replicas();
    int blocks = job.blockCount();
    this.fileOfBlock = new int[blocks];
    this.firstBlockOfFile = new int[job.files().size()];
    this.holders = new int[blocks][];
    int block = 0;
    for (int f = 0; f < firstBlockOfFile.length; f++) {
      firstBlockOfFile[f] = block;
      int end = block + job.files().get(f).blockCount();
      Arrays.fill(fileOfBlock, block, end, f);
      block = end;
    }
  }

  /**
   * @param members all living workers, in any order
   */
  public static ShardPlan of(WarmupJob job, List<Member> members) {
    List<Member> meant = new ArrayList<>();
    for (Member member : members) {
      if (job.target().matches(member.peer())) {
        meant.add(member);
      }
    }
    meant.sort(Comparator.comparing(member -> member.peer().id()));
    ShardPlan plan = new ShardPlan(job, List.copyOf(meant));
    plan.assign();
    return plan;
  }

  private void assign() {
    long[] left = room();
    List<Integer> order = new ArrayList<>();
    for (int block = 0; block < holders.length; block++) {
      order.add(block);
    }
    // In the order of a hash: which block finds a worker full has nothing to do with its place.
    order.sort(Comparator.comparingLong(block -> Rendezvous.combine(key(block), 0)));
    long[] load = new long[workers.size()];
    for (int block : order) {
      holders[block] = choose(block, left, load);
    }
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
    long bytes = lengthOf(block);
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
    long key = key(block);
    return Long.compareUnsigned(
            Rendezvous.combine(key, workers.get(worker).peer().idHash()),
            Rendezvous.combine(key, workers.get(other).peer().idHash()))
        > 0;
  }

  private long key(int block) {
    int file = fileOfBlock[block];
    return Rendezvous.mix(
        Rendezvous.mix(job.files().get(file).id()) ^ (block - firstBlockOfFile[file]));
  }

  public WarmupJob job() {
    return job;
  }

  /** The workers that are meant, by id. */
  public List<Member> workers() {
    return workers;
  }

  /** How many copies of each block there should be. */
  public int copies() {
    return copies;
  }

  public int blockCount() {
    return holders.length;
  }

  public JobFile fileOf(int block) {
    return job.files().get(fileOfBlock[block]);
  }

  public int fileIndexOf(int block) {
    return fileOfBlock[block];
  }

  /** Which block of its file {@code block}, counted over the job, is. */
  public int blockInFile(int block) {
    return block - firstBlockOfFile[fileOfBlock[block]];
  }

  public long lengthOf(int block) {
    return fileOf(block).blockLength(blockInFile(block));
  }

  /**
   * Indexes of the workers that have to hold {@code block}; fewer than copies if there is no room.
   */
  int[] holders(int block) {
    return holders[block].clone();
  }

  /** What this worker has to hold; nothing if it is not meant. */
  public BitSet share(String peerId) {
    BitSet share = new BitSet();
    for (int block = 0; block < holders.length; block++) {
      for (int worker : holders[block]) {
        if (workers.get(worker).peer().id().equals(peerId)) {
          share.set(block);
        }
      }
    }
    return share;
  }

  /** Whether this worker is the one that reads {@code block} from the origin if nobody has it. */
  public boolean isFirst(String peerId, int block) {
    return holders[block].length > 0
        && workers.get(holders[block][0]).peer().id().equals(peerId)
        && job.replicas() != WarmupJob.EVERYWHERE;
  }
}
