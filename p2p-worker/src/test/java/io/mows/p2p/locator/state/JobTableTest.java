// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static io.mows.p2p.locator.state.Peers.apply;
import static io.mows.p2p.locator.state.Peers.full;
import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.EntryCodec;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.JobEntry;
import io.mows.p2p.locator.protocol.JobsQuery;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.state.StateRules.Transition;
import io.mows.p2p.locator.wire.WireException;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs, reports and uses in the directory. */
final class JobTableTest {
  private static final long HOUR_MS = 3_600_000;

  private LocatorState state = LocatorState.empty();
  private long timeMs = 1_700_000_000_000L;

  private Result say(LocatorEntry entry) {
    try {
      Transition transition = apply(state, timeMs, EntryCodec.read(entry.toBytes()));
      state = transition.state();
      byte[] snapshot = StateCodec.write(state);
      state = StateCodec.read(snapshot, LocatorLimits.DEFAULT);
      assertArrayEquals(snapshot, StateCodec.write(state));
      return transition.reply().result();
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  private static WarmupJob job(String path, long bytesPerSecond) {
    return WarmupJob.of(
        List.of(path),
        JobTarget.group("chat"),
        2,
        true,
        bytesPerSecond,
        77,
        List.of(new JobFile(5, path + "/a", 1_000, 300), new JobFile(6, path + "/b", 1, 300)));
  }

  private static JobReport report(WarmupJob job, int... blocks) {
    BitSet set = new BitSet();
    for (int block : blocks) {
      set.set(block);
    }
    return new JobReport(job.id(), set, 17, 18, List.of(new Failure("/m/a", "why")), 3);
  }

  private static JobsQuery query(JobsView known, boolean reports) {
    return reports ? JobsQuery.progress() : JobsQuery.jobs(known, "chat", 10, 1_000);
  }

  private JobsView ask(JobsView known, boolean reports) throws IOException {
    JobsQuery query = query(known, reports);
    return QueryCodec.readJobs(QueryAnswers.answer(QueryCodec.write(query), state, 0), known);
  }

  /** How long the directory may keep the question of somebody who knows {@code known}. */
  private long patienceMs(JobsView known) {
    return QueryAnswers.patienceMs(QueryCodec.write(query(known, false)), state);
  }

  @Test
  void shouldKeepQuestionsOnlyWhileTheJobsAreKnown() throws IOException {
    say(full(peer(1), 9, 1));
    assertEquals(0, patienceMs(JobsView.NONE));
    JobsView known = ask(JobsView.NONE, false);
    assertEquals(1_000, patienceMs(known));
    say(full(peer(2), 9, 1));
    assertEquals(1_000, patienceMs(known), "who is new is no news of jobs");
    say(new JobEntry.Submission(job("/m", 5)));
    assertEquals(0, patienceMs(known));
    assertEquals(1_000, patienceMs(ask(known, false)));
  }

  @Test
  void shouldAnswerOtherQuestionsAtOnce() {
    assertEquals(0, QueryAnswers.patienceMs(QueryCodec.writeDigestQuery(5), state));
    assertEquals(0, QueryAnswers.patienceMs(new byte[] {1, 17, 3}, state), "cut off");
    assertEquals(0, QueryAnswers.patienceMs(new byte[0], state));
    assertEquals(0, QueryAnswers.patienceMs(QueryCodec.write(query(JobsView.NONE, true)), state));
  }

  @Test
  void shouldKeepJobsAndWhatLivingWorkersSaidOfThem() throws IOException {
    WarmupJob job = job("/m", 5);
    assertEquals(Result.OK, say(new JobEntry.Submission(job)));
    assertEquals(Result.FULL_NEEDED, say(new JobEntry.Report(peer(1).id(), 9, report(job, 0))));
    say(full(peer(1), 9, 1));
    assertEquals(Result.OK, say(new JobEntry.Report(peer(1).id(), 9, report(job, 0, 3))));

    JobsView view = ask(JobsView.NONE, true);
    WarmupJob read = view.job(job.id()).orElseThrow();
    assertEquals(job.files(), read.files());
    assertEquals(List.of("/m"), read.paths());
    assertEquals(job.target(), read.target());
    assertEquals(2, read.replicas());
    assertTrue(read.isPinned());
    assertEquals(5, read.bytesPerSecond());
    assertEquals(5, read.blockCount());
    JobReport said = view.reports(job.id()).get(peer(1).id());
    assertEquals(report(job, 0, 3).blocks(), said.blocks());
    assertEquals("why", said.failures().get(0).reason());
    assertEquals(3, said.failureCount());
  }

  @Test
  void shouldNotBelieveAWorkerThatStartedAnew() throws IOException {
    WarmupJob job = job("/m", 0);
    say(new JobEntry.Submission(job));
    say(full(peer(1), 9, 1));
    say(new JobEntry.Report(peer(1).id(), 9, report(job, 0, 1, 2, 3, 4)));
    say(full(peer(1), 10, 1));
    assertEquals(List.of(), List.copyOf(ask(JobsView.NONE, true).reports(job.id()).keySet()));
    assertEquals(
        Result.FULL_NEEDED, say(new JobEntry.Report(peer(1).id(), 9, report(job, 0))), "its past");
  }

  @Test
  void shouldReplaceAJobThatIsSubmittedAgain() throws IOException {
    WarmupJob job = job("/m", 0);
    say(new JobEntry.Submission(job));
    say(full(peer(1), 9, 1));
    say(new JobEntry.Report(peer(1).id(), 9, report(job, 0)));
    say(new JobEntry.Submission(job("/m", 99)));
    JobsView view = ask(JobsView.NONE, true);
    assertEquals(1, view.jobs().size());
    assertEquals(99, view.jobs().get(0).bytesPerSecond());
    assertEquals(1, view.reports(job.id()).size(), "the files are the same");

    say(new JobEntry.Stop(job.id()));
    assertTrue(ask(JobsView.NONE, false).jobs().get(0).isStopped());
    say(new JobEntry.Submission(job));
    assertFalse(ask(JobsView.NONE, false).jobs().get(0).isStopped(), "it runs again");
    assertEquals(Result.OK, say(new JobEntry.Removal(job.id())));
    assertEquals(0, ask(JobsView.NONE, true).jobs().size());
  }

  @Test
  void shouldHaveAnotherIdForOtherWorkersCopiesOrPaths() {
    WarmupJob job = job("/m", 0);
    assertEquals(job.id(), job("/m", 1).id());
    assertNotEquals(job.id(), job("/n", 0).id());
    assertNotEquals(
        job.id(), WarmupJob.of(List.of("/m"), JobTarget.WARMUP, 2, true, 0, 0, job.files()).id());
    assertNotEquals(
        job.id(), WarmupJob.of(List.of("/m"), job.target(), 1, true, 0, 0, job.files()).id());
  }

  @Test
  void shouldSendOnlyWhatHasChanged() throws IOException {
    say(full(peer(1), 9, 1));
    say(new JobEntry.Submission(job("/m", 0)));
    JobsView first = ask(JobsView.NONE, false);
    JobsView second = ask(first, false);
    assertTrue(first.jobs().get(0) == second.jobs().get(0), "the very same job");
    assertEquals(1, second.members().size());
    say(full(peer(2), 9, 1));
    assertEquals(2, ask(second, false).members().size());
    int all = size(JobsView.NONE);
    assertTrue(size(ask(second, false)) < all / 2, "all takes " + all + " bytes");
  }

  private int size(JobsView known) {
    JobsQuery query = query(known, false);
    return QueryAnswers.answer(QueryCodec.write(query), state, 0).length;
  }

  @Test
  void shouldRankModelsByHowOftenAndHowLatelyTheyAreUsed() throws IOException {
    say(full(peer(1), 9, 1));
    use("/old", 8);
    pass(12 * HOUR_MS);
    use("/often", 3);
    use("/once", 1);
    assertEquals(List.of("/often", "/old", "/once"), ask(JobsView.NONE, false).models());
    say(new JobEntry.Disuse("/old"));
    say(new JobEntry.Disuse("/on"));
    assertEquals(List.of("/often", "/once"), ask(JobsView.NONE, false).models(), "evicted");
    pass(400 * HOUR_MS);
    assertEquals(List.of(), ask(JobsView.NONE, false).models(), "forgotten");
  }

  private void use(String path, int openings) {
    assertEquals(Result.OK, say(new JobEntry.Use(peer(1).id(), 9, path, openings)));
  }

  /** The directory lives on: somebody announces every few seconds. */
  private void pass(long durationMs) {
    for (long passed = 0; passed < durationMs; passed += 5_000) {
      timeMs += 5_000;
      state = apply(state, timeMs, full(peer(1), 9, 2 + passed)).state();
    }
    say(full(peer(1), 9, 2 + durationMs));
  }

  @Test
  void shouldRefuseWhatCannotBeAJob() {
    byte[] entry = new JobEntry.Submission(job("/m", 0)).toBytes();
    for (int length = 1; length < entry.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(entry, length);
      assertThrows(WireException.class, () -> EntryCodec.read(cut));
    }
  }

  @Test
  void shouldTakeALimitedNumberOfJobs() {
    for (int i = 0; i < LocatorLimits.MAX_JOBS; i++) {
      state = apply(state, timeMs, new JobEntry.Submission(job("/m" + i, 0))).state();
    }
    assertEquals(Result.LIMITED, say(new JobEntry.Submission(job("/one-more", 0))));
    assertEquals(Result.OK, say(new JobEntry.Submission(job("/m7", 0))));
  }
}
