// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.JobsView.Member;
import io.mows.p2p.locator.jobs.SaidReport;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.JobsQuery;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the state tells those who ask for warm-up jobs; {@link JobsView} reads it. */
final class JobsAnswer {
  private JobsAnswer() {}

  /** How long the question may be kept now; 0 if the answer would be news. */
  static long patienceMs(JobsQuery query, LocatorState state) {
    return hasNews(query, state) ? 0 : query.patienceMs();
  }

  /** Peers come and go too often for each to be told at once to all. */
  private static boolean hasNews(JobsQuery query, LocatorState state) {
    return query.knownEpoch() != state.epoch() || query.knownVersion() != state.jobs().version();
  }

  static void write(JobsQuery query, LocatorState state, WireWriter out) {
    long peers = state.peers().fingerprint();
    out.putLong(state.jobs().version()).putLong(peers);
    boolean sendJobs = hasNews(query, state);
    out.putByte(sendJobs ? 1 : 0);
    if (sendJobs) {
      List<WarmupJob> jobs = new ArrayList<>();
      state.jobs().jobs().forEach((id, job) -> jobs.add(job));
      jobs.sort(Comparator.comparing(WarmupJob::id));
      out.putNumber(jobs.size());
      jobs.forEach(job -> job.write(out));
    }
    boolean sendPeers = query.knownPeers() != peers;
    out.putByte(sendPeers ? 1 : 0);
    if (sendPeers) {
      List<Member> members = members(state);
      out.putNumber(members.size());
      members.forEach(member -> member.write(out));
    }
    List<SaidReport> reports = new ArrayList<>();
    if (query.wantsReports()) {
      state
          .jobs()
          .forEachReport(
              (key, said) -> {
                PeerState peer = state.peers().get(said.peerId());
                if (peer != null && peer.session() == said.session()) {
                  reports.add(said);
                }
              });
    }
    out.putNumber(reports.size());
    reports.forEach(said -> said.write(out));
    List<String> most = state.uses().most(query.group(), query.models(), state.clockMs());
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
}
