// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Jobs, workers and reports for tests. */
final class Jobs {
  static final long GIB = 1L << 30;
  static final long BLOCK_BYTES = 64L << 20;

  private Jobs() {}

  static Member worker(int number, PeerRole role, String group, long capacityBytes) {
    String id = "worker-" + number + ":29991";
    return new Member(new PeerInfo(id, id, group, role), 1, capacityBytes);
  }

  static List<Member> warmupWorkers(int count, long capacityBytes) {
    List<Member> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workers.add(worker(i, PeerRole.WARMUP, "any", capacityBytes));
    }
    return workers;
  }

  /** A model of {@code files} files with as many blocks each. */
  static WarmupJob job(int replicas, int files, int blocksOfFile) {
    List<JobFile> all = new ArrayList<>();
    for (int f = 0; f < files; f++) {
      all.add(new JobFile(1_000 + f, "/model/" + f, blocksOfFile * BLOCK_BYTES, BLOCK_BYTES));
    }
    return WarmupJob.of(List.of("/model"), JobTarget.WARMUP, replicas, false, 0, 1, all);
  }

  static JobReport report(WarmupJob job, BitSet blocks, Failure... failures) {
    return new JobReport(job.id(), blocks, 0, 0, List.of(failures), failures.length);
  }

  /** What everybody knows if each worker has said what it has. */
  static JobsView view(WarmupJob job, List<Member> workers, Map<String, JobReport> reports) {
    return new JobsView(1, 1, 1, List.of(job), workers, Map.of(job.id(), reports), List.of());
  }

  /** Reports of workers that have all of their share. */
  static Map<String, JobReport> complete(WarmupJob job, List<Member> workers) {
    ShardPlan plan = ShardPlan.of(job, workers);
    Map<String, JobReport> reports = new HashMap<>();
    for (Member worker : workers) {
      reports.put(worker.peer().id(), report(job, plan.share(worker.peer().id())));
    }
    return reports;
  }
}
