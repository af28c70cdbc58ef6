// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * This worker's part of one job: loads what it lacks of its share, again if it is evicted, and
 * knows how far it is. For the warm-up thread.
 *
 * <p>A block that has been here and was evicted is only loaded again into memory that is free: what
 * is read has driven it out, and would do so for ever.
 */
final class JobWork {
  private final String peerId;
  private final String lane;
  private final WarmupFiles files;
  private final WarmupMemory memory;
  private final LaneLoads loads;
  private final BitSet present = new BitSet();
  private final ShareLoads shareLoads;
  private final Map<String, String> failures = new TreeMap<>();
  private final KnownFiles known;
  private final ByteRate progress = new ByteRate();
  private final HiddenFailures hidden;
  private WarmupJob job;
  private List<Member> members;
  private ShardPlan plan;
  private BitSet share = new BitSet();

  /**
   * @param lane the name of its lane in {@code loads}
   * @param thread runs something on the warm-up thread
   * @param idle is told there when nothing is being loaded any more: it may be complete
   */
  JobWork(
      String peerId,
      String lane,
      WarmupFiles files,
      WarmupMemory memory,
      LaneLoads loads,
      Executor thread,
      Runnable idle) {
    this.peerId = peerId;
    this.lane = lane;
    this.files = files;
    this.memory = memory;
    this.loads = loads;
    this.shareLoads = new ShareLoads(loads, lane, thread, idle);
    this.known = new KnownFiles(files);
    this.hidden = new HiddenFailures(peerId, files);
  }

  /** Looks at what is here and starts to load what is not. */
  void step(WarmupJob now, List<Member> workers, long nowNs) {
    if (job != now || members != workers) {
      replan(now, workers);
    }
    failures.clear();
    hidden.step(plan, nowNs, failures::put);
    for (int f = 0, block = 0; f < job.files().size(); f++) {
      JobFile file = job.files().get(f);
      int end = block + file.blockCount();
      int next = share.nextSetBit(block);
      if (next >= 0 && next < end) {
        stepFile(file, block, end, nowNs);
      }
      block = end;
    }
    progress.update(presentBytes(), loads.partialBytes(lane), nowNs);
  }

  private void replan(WarmupJob now, List<Member> workers) {
    boolean sameFiles = job != null && job.files().equals(now.files());
    if (!sameFiles) {
      shareLoads.restart();
      present.clear();
      known.clear();
    }
    job = now;
    members = workers;
    plan = ShardPlan.of(now, workers);
    share = plan.share(peerId);
    if (sameFiles) {
      shareLoads.keepTo(share);
    }
    loads.configure(lane, job.bytesPerSecond(), LaneLoads.Manners.SLOWS_DOWN);
  }

  private void stepFile(JobFile file, int first, int end, long nowNs) {
    FileSpec spec;
    try {
      spec = known.spec(file, nowNs);
    } catch (IOException e) {
      failures.put(file.path(), e.getMessage());
      present.clear(first, end);
      return;
    }
    boolean complete = true;
    for (int b = share.nextSetBit(first); b >= 0 && b < end; b = share.nextSetBit(b + 1)) {
      boolean here = memory.holds(spec, b - first);
      present.set(b, here);
      complete &= here;
      if (here) {
        shareLoads.found(b);
      } else if (!shareLoads.isLoading(b)) {
        consider(spec, b, b - first, nowNs);
      }
    }
    known.setComplete(file, complete);
    if (present.get(first)) {
      files.fault(spec).ifPresent(why -> failures.put(file.path(), "it is broken: " + why));
    }
  }

  private void consider(FileSpec spec, int block, int blockInFile, long nowNs) {
    long bytes = spec.layout().blockLength(blockInFile);
    if (isLargerThanMemory() && shareLoads.isDue(block, nowNs)) {
      makeRoom(bytes, nowNs);
    }
    if (shareLoads.wasHere(block) && freeBytes() < bytes) {
      failures.put(
          spec.path(),
          "It was evicted by what is read here, and there is no free memory to load it again: give"
              + " the worker more (alluxio.worker.ramdisk.size), or pin it (--pin)");
      return;
    }
    shareLoads.lastFailure(block).ifPresent(why -> failures.put(spec.path(), why));
    if (shareLoads.isDue(block, nowNs)) {
      shareLoads.load(block, spec, blockInFile, plan.isFirst(peerId, block), nowNs);
    }
  }

  /** What can be filled without evicting anything, when all that is under way is here. */
  private long freeBytes() {
    return memory.freeBytes() - shareLoads.loadingBytes();
  }

  private boolean isLargerThanMemory() {
    return job.totalBytes() > memory.capacityBytes() / 100 * ShardAssignment.MEMORY_PERCENT;
  }

  /** The share goes before what readers left here of the others' shares. */
  private void makeRoom(long bytes, long nowNs) {
    int block = share.nextClearBit(0);
    while (block < plan.blockCount() && freeBytes() < bytes) {
      try {
        FileSpec spec = known.spec(plan.fileOf(block), nowNs);
        int blockInFile = plan.blockInFile(block);
        if (memory.holds(spec, blockInFile)) {
          memory.drop(spec, blockInFile);
        }
      } catch (IOException e) {
        failures.put(plan.fileOf(block).path(), e.getMessage());
      }
      block = share.nextClearBit(block + 1);
    }
  }

  private long presentBytes() {
    long bytes = 0;
    for (int b = present.nextSetBit(0); b >= 0; b = present.nextSetBit(b + 1)) {
      bytes += plan.lengthOf(b);
    }
    return bytes;
  }

  /** Whether all of the share is here. */
  boolean isComplete() {
    BitSet missing = (BitSet) share.clone();
    missing.andNot(present);
    return missing.isEmpty();
  }

  long missingBytes() {
    long bytes = 0;
    for (int b = share.nextSetBit(0); b >= 0; b = share.nextSetBit(b + 1)) {
      bytes += present.get(b) ? 0 : plan.lengthOf(b);
    }
    return bytes;
  }

  /**
   * If the job is larger than this worker's memory: its files, and which of their blocks are this
   * worker's share. What else of them is read here must not drive the share out.
   */
  Map<Long, BitSet> keptShares() {
    if (share.isEmpty() || !isLargerThanMemory()) {
      return Map.of();
    }
    Map<Long, BitSet> kept = new HashMap<>();
    for (JobFile file : job.files()) {
      kept.put(file.id(), new BitSet());
    }
    for (int b = share.nextSetBit(0); b >= 0; b = share.nextSetBit(b + 1)) {
      kept.get(plan.fileOf(b).id()).set(plan.blockInFile(b));
    }
    return kept;
  }

  boolean hasShare() {
    return !share.isEmpty();
  }

  JobReport report() {
    List<Failure> named = new ArrayList<>();
    failures.forEach(
        (path, reason) -> {
          if (named.size() < JobReport.MAX_FAILURES) {
            named.add(new Failure(path, reason));
          }
        });
    return new JobReport(
        job.id(),
        present,
        progress.partialBytes(),
        isComplete() ? 0 : progress.bytesPerSecond(),
        named,
        failures.size());
  }

  /** The job has been stopped: what is under way ends, what is here stays. */
  void end() {
    shareLoads.end();
  }
}
