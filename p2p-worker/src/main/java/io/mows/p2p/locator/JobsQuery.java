// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.JobsView.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The question for warm-up jobs. A worker asks again and again and says what it knows, so that jobs
 * and peers are only sent again when they have changed. So that it need not ask often and yet hears
 * of a new job at once, its question is kept for a while if the jobs are those that it knows.
 * Immutable.
 */
final class JobsQuery {
  static final long MAX_PATIENCE_MS = 10_000;
  private static final int MAX_MODELS = 1_000;

  private final long knownEpoch;
  private final long knownVersion;
  private final long knownPeers;
  private final boolean wantsReports;
  private final String group;
  private final int models;
  private final long patienceMs;

  /**
   * @param knownEpoch the directory that the asker knows; versions of another mean nothing
   * @param knownVersion {@link JobTable#version} that the asker has; -1 for none
   * @param knownPeers {@link PeerTable#fingerprint} of the peers that it has; 0 for none
   * @param group whose most used models are wanted
   * @param models how many of them
   * @param patienceMs how long the question may be kept
   */
  private JobsQuery(
      long knownEpoch,
      long knownVersion,
      long knownPeers,
      boolean wantsReports,
      String group,
      int models,
      long patienceMs) {
    this.knownEpoch = knownEpoch;
    this.knownVersion = knownVersion;
    this.knownPeers = knownPeers;
    this.wantsReports = wantsReports;
    this.group = group;
    this.models = models;
    this.patienceMs = patienceMs;
  }

  /** Asks for what is not in {@code known}, without reports; the rest is as in the constructor. */
  static JobsQuery jobs(JobsView known, String group, int models, long patienceMs) {
    return new JobsQuery(
        known.epoch(),
        known.version(),
        known.peersFingerprint(),
        false,
        group,
        models,
        Math.min(patienceMs, MAX_PATIENCE_MS));
  }

  /** Asks for all jobs, and for what the workers said of them. */
  static JobsQuery progress() {
    JobsView none = JobsView.NONE;
    return new JobsQuery(none.epoch(), none.version(), none.peersFingerprint(), true, "", 0, 0);
  }

  /** How long it may be kept now; 0 if the answer would be news. */
  long patienceMs(LocatorState state) {
    return hasNews(state) ? 0 : patienceMs;
  }

  /** Peers come and go too often for each to be told at once to all. */
  private boolean hasNews(LocatorState state) {
    return knownEpoch != state.epoch() || knownVersion != state.jobs().version();
  }

  void answer(LocatorState state, WireWriter out) {
    long peers = state.peers().fingerprint();
    out.putLong(state.jobs().version()).putLong(peers);
    boolean sendJobs = hasNews(state);
    out.putByte(sendJobs ? 1 : 0);
    if (sendJobs) {
      List<WarmupJob> jobs = new ArrayList<>();
      state.jobs().jobs().forEach((id, job) -> jobs.add(job));
      jobs.sort(Comparator.comparing(WarmupJob::id));
      out.putNumber(jobs.size());
      jobs.forEach(job -> job.write(out));
    }
    boolean sendPeers = knownPeers != peers;
    out.putByte(sendPeers ? 1 : 0);
    if (sendPeers) {
      List<Member> members = members(state);
      out.putNumber(members.size());
      members.forEach(member -> member.write(out));
    }
    List<JobTable.Said> reports = new ArrayList<>();
    if (wantsReports) {
      state
          .jobs()
          .forEachReport(
              (key, said) -> {
                PeerState peer = state.peers().get(said.peerId);
                if (peer != null && peer.session() == said.session) {
                  reports.add(said);
                }
              });
    }
    out.putNumber(reports.size());
    reports.forEach(said -> said.write(out));
    List<String> most = state.uses().most(group, models, state.clockMs());
    out.putNumber(most.size());
    most.forEach(out::putText);
  }

  private static List<Member> members(LocatorState state) {
    List<Member> members = new ArrayList<>();
    state
        .peers()
        .forEach(
            (id, peer) ->
                members.add(new Member(peer.info(), peer.session(), peer.load().capacityBytes())));
    members.sort(Comparator.comparing(member -> member.peer().id()));
    return members;
  }

  void write(WireWriter out) {
    out.putLong(knownEpoch).putLong(knownVersion).putLong(knownPeers).putByte(wantsReports ? 1 : 0);
    out.putText(group).putNumber(models).putNumber(patienceMs);
  }

  static JobsQuery read(WireReader in) throws WireException {
    return new JobsQuery(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readByte() != 0,
        in.readText(PeerInfo.MAX_GROUP_BYTES, "a group"),
        (int) in.readNumber(MAX_MODELS, "the number of models"),
        in.readNumber(MAX_PATIENCE_MS, "the patience of a question"));
  }
}
