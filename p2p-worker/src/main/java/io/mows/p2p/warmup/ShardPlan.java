// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Which worker has to hold which block of a job. A function of the job and of the living workers
 * alone, so everybody comes to the same plan ({@link ShardAssignment}). Immutable.
 */
public final class ShardPlan {
  private final WarmupJob job;
  private final List<Member> workers;
  private final int copies;
  private final JobBlocks blocks;
  private final int[][] holders;

  private ShardPlan(WarmupJob job, List<Member> workers) {
    this.job = job;
    this.workers = workers;
    this.copies = job.replicas() == WarmupJob.EVERYWHERE ? workers.size() : job.replicas();
    this.blocks = new JobBlocks(job);
    this.holders = new ShardAssignment(job, blocks, workers, copies).assign();
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
    return new ShardPlan(job, List.copyOf(meant));
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
    return blocks.fileOf(block);
  }

  public int fileIndexOf(int block) {
    return blocks.fileIndexOf(block);
  }

  /** Which block of its file {@code block}, counted over the job, is. */
  public int blockInFile(int block) {
    return blocks.inFile(block);
  }

  public long lengthOf(int block) {
    return blocks.lengthOf(block);
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
