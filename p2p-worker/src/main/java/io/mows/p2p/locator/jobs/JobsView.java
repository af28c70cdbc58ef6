// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The warm-up jobs, who could work on them, and what these said. Immutable. */
public final class JobsView {
  /** Nothing is known. */
  public static final JobsView NONE =
      new JobsView(0, -1, 0, List.of(), List.of(), Map.of(), List.of());

  private final long epoch;
  private final long version;
  private final long peersFingerprint;
  private final List<WarmupJob> jobs;
  private final List<Member> members;
  private final Map<String, Map<String, JobReport>> reports;
  private final List<String> models;

  /**
   * @param epoch which directory this is of; 0 for one that has not begun
   * @param reports by job id and peer id, only of processes that live
   * @param models what the asker's group uses most
   */
  public JobsView(
      long epoch,
      long version,
      long peersFingerprint,
      List<WarmupJob> jobs,
      List<Member> members,
      Map<String, Map<String, JobReport>> reports,
      List<String> models) {
    this.epoch = epoch;
    this.version = version;
    this.peersFingerprint = peersFingerprint;
    this.jobs = List.copyOf(jobs);
    this.members = List.copyOf(members);
    this.reports = Map.copyOf(reports);
    this.models = List.copyOf(models);
  }

  public long epoch() {
    return epoch;
  }

  /**
   * Whether {@code now}, asked for later, is of a directory that took the place of this one and may
   * lack its jobs.
   */
  public boolean isReplacedBy(JobsView now) {
    return epoch != 0 && epoch != now.epoch;
  }

  /** Whether the directory has taken any entry: one that has not will not keep jobs either. */
  public boolean hasBegun() {
    return epoch != 0;
  }

  /** Another number whenever a job has come, gone or changed. */
  public long version() {
    return version;
  }

  /** Another number for other {@link #members}; 0 for none. */
  public long peersFingerprint() {
    return peersFingerprint;
  }

  /** By id. */
  public List<WarmupJob> jobs() {
    return jobs;
  }

  public Optional<WarmupJob> job(String id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** All living workers, by id. */
  public List<Member> members() {
    return members;
  }

  /** What was said of a job, by peer id. */
  public Map<String, JobReport> reports(String jobId) {
    return reports.getOrDefault(jobId, Map.of());
  }

  /** The models that the asker's group uses most, the most used first. */
  public List<String> models() {
    return models;
  }

  /** Reads the answer to a question by somebody who knew {@code before}. */
  public static JobsView read(WireReader in, long epoch, JobsView before) throws WireException {
    long version = in.readLong();
    long peers = in.readLong();
    List<WarmupJob> jobs = before.jobs;
    if (in.readByte() != 0) {
      jobs = new ArrayList<>();
      int count = in.readCount(LocatorLimits.MAX_JOBS, "jobs");
      for (int i = 0; i < count; i++) {
        jobs.add(WarmupJob.read(in));
      }
    }
    List<Member> members = before.members;
    if (in.readByte() != 0) {
      members = new ArrayList<>();
      int count = in.readCount(LocatorLimits.DEFAULT.maxPeers(), "peers");
      for (int i = 0; i < count; i++) {
        members.add(Member.read(in));
      }
    }
    Map<String, Map<String, JobReport>> reports = new HashMap<>();
    int reportCount = in.readCount(Integer.MAX_VALUE, "reports");
    for (int i = 0; i < reportCount; i++) {
      SaidReport said = SaidReport.read(in);
      reports
          .computeIfAbsent(said.report().jobId(), id -> new HashMap<>())
          .put(said.peerId(), said.report());
    }
    List<String> models = new ArrayList<>();
    int modelCount = in.readCount(Integer.MAX_VALUE, "models");
    for (int i = 0; i < modelCount; i++) {
      models.add(in.readText(FileInfo.MAX_PATH_BYTES, "a path"));
    }
    return new JobsView(epoch, version, peers, jobs, members, reports, models);
  }

  /** A living worker. Immutable. */
  public static final class Member {
    private final PeerInfo peer;
    private final long session;
    private final long capacityBytes;

    /**
     * @param session when its process started
     * @param capacityBytes its memory for blocks
     */
    public Member(PeerInfo peer, long session, long capacityBytes) {
      this.peer = peer;
      this.session = session;
      this.capacityBytes = capacityBytes;
    }

    public PeerInfo peer() {
      return peer;
    }

    long session() {
      return session;
    }

    public long capacityBytes() {
      return capacityBytes;
    }

    public void write(WireWriter out) {
      peer.write(out);
      out.putLong(session).putNumber(capacityBytes);
    }

    static Member read(WireReader in) throws WireException {
      return new Member(
          PeerInfo.read(in), in.readLong(), in.readNumber(Long.MAX_VALUE, "a capacity"));
    }
  }
}
