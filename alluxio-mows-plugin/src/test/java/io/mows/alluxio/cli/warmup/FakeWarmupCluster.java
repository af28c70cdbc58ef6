// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster in the hands of a test: its one worker of each role loads a block each time it is
 * asked.
 */
final class FakeWarmupCluster implements WarmupCluster {
  static final long BLOCK_BYTES = 1 << 20;
  static final int BLOCKS = 4;

  final List<String> done = new ArrayList<>();
  final Map<String, WarmupJob> jobs = new LinkedHashMap<>();
  final List<Member> members = new ArrayList<>();
  int loadedBlocks;
  int lastBlock = BLOCKS;
  String failure = "";
  boolean silent;
  boolean isClosed;
  List<String> names = List.of("a");

  FakeWarmupCluster() {
    add(1, PeerRole.WARMUP);
    add(2, PeerRole.INSTANCE);
  }

  void add(int number, PeerRole role) {
    String id = "worker-" + number;
    members.add(new Member(new PeerInfo(id, id + ":1", "chat", role), 1, 1 << 30));
  }

  @Override
  public List<JobFile> list(String path) throws IOException {
    if (!path.startsWith("/models")) {
      throw new IOException(path + " is not there");
    }
    List<JobFile> listed = new ArrayList<>();
    for (String name : names) {
      listed.add(
          new JobFile(7 + listed.size(), path + "/" + name, BLOCKS * BLOCK_BYTES, BLOCK_BYTES));
    }
    return listed;
  }

  @Override
  public JobsView jobs() throws IOException {
    if (silent) {
      throw new IOException("nobody answers");
    }
    Map<String, Map<String, JobReport>> reports = new HashMap<>();
    for (WarmupJob job : jobs.values()) {
      BitSet has = new BitSet();
      has.set(0, Math.min(loadedBlocks, lastBlock));
      List<Failure> failures =
          failure.isEmpty() ? List.of() : List.of(new Failure("/models/a", failure));
      Map<String, JobReport> said = new HashMap<>();
      for (Member member : members) {
        said.put(
            member.peer().id(),
            new JobReport(job.id(), has, 0, BLOCK_BYTES, failures, failures.size()));
      }
      reports.put(job.id(), said);
    }
    loadedBlocks += jobs.isEmpty() ? 0 : 1;
    return new JobsView(1, 1, 1, List.copyOf(jobs.values()), members, reports, List.of());
  }

  @Override
  public void submit(WarmupJob job) {
    jobs.put(job.id(), job);
    done.add("submit " + job);
  }

  @Override
  public void stop(String jobId) {
    done.add("stop " + jobId);
  }

  @Override
  public void remove(String jobId) {
    jobs.remove(jobId);
    done.add("remove " + jobId);
  }

  @Override
  public void pin(String path) {
    done.add("pin " + path);
  }

  @Override
  public void evict(String path) {
    done.add("evict " + path);
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
