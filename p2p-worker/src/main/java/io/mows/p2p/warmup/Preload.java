// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this worker loads because its settings say so: an instance all of it, warm-up workers one
 * copy together. A job that nobody else knows of, and that lives as long as the worker. For the
 * warm-up thread, but for {@link #missingBytes}.
 */
final class Preload {
  private static final Logger LOG = LoggerFactory.getLogger(Preload.class);
  private static final String LANE = "preload";
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);

  /** So long those are waited for that hold one copy together with this worker. */
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  private final PeerInfo self;
  private final List<String> paths;
  private final WarmupFiles files;
  private final JobWork work;
  private WarmupJob job;
  private List<Member> alone = List.of();
  private long listedNs;
  private long beganNs;
  private boolean tried;
  private volatile long missingBytes;

  Preload(
      PeerInfo self, List<String> paths, WarmupFiles files, Function<String, JobWork> makeWork) {
    this.self = self;
    this.paths = paths;
    this.files = files;
    this.work = makeWork.apply(LANE);
  }

  /**
   * @param members who takes part in warm-up, by the locator
   * @param isSettled whether those are probably all
   */
  void step(List<Member> members, boolean isSettled, long capacityBytes, long nowNs) {
    if (paths.isEmpty()) {
      return;
    }
    if (!tried) {
      beganNs = nowNs;
    }
    if (job == null && (!tried || nowNs - listedNs > RETRY_NS)) {
      list(nowNs);
    }
    boolean isShared = self.role() == PeerRole.WARMUP;
    boolean isMember = members.stream().anyMatch(member -> member.peer().id().equals(self.id()));
    boolean isEarly = isShared && !isSettled && nowNs - beganNs < PATIENCE_NS;
    if (job == null || isEarly) {
      // Who began alone would load, and read from the origin, what the others are going to.
      return;
    }
    if (alone.isEmpty() || alone.get(0).capacityBytes() != capacityBytes) {
      alone = List.of(new Member(self, 0, capacityBytes));
    }
    boolean wasComplete = tried && missingBytes == 0;
    work.step(job, isShared && isMember ? members : alone, nowNs);
    missingBytes = work.missingBytes();
    if (!wasComplete && missingBytes == 0) {
      LOG.info("Preload: this worker's share of {} is in memory", paths);
    }
  }

  private void list(long nowNs) {
    boolean first = !tried;
    tried = true;
    listedNs = nowNs;
    List<JobFile> all = new ArrayList<>();
    try {
      for (String path : paths) {
        all.addAll(files.list(path));
      }
    } catch (IOException e) {
      missingBytes = 1;
      if (first) {
        LOG.warn("Preload: {} cannot be listed yet and is tried again: {}", paths, e.getMessage());
      }
      return;
    }
    boolean shared = self.role() == PeerRole.WARMUP;
    job =
        WarmupJob.of(
            paths,
            shared ? JobTarget.WARMUP : JobTarget.group(self.group()),
            shared ? 1 : WarmupJob.EVERYWHERE,
            false,
            0,
            0,
            all);
    missingBytes = Math.max(1, job.totalBytes());
    LOG.info("Preload: {} files, {} bytes, below {}", all.size(), job.totalBytes(), paths);
  }

  Map<Long, BitSet> keptShares() {
    return job == null || alone.isEmpty() ? Map.of() : work.keptShares();
  }

  /** What is not in memory of this worker's share; more than 0 while that is not known. */
  long missingBytes() {
    return missingBytes;
  }
}
