// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.state.MemoryLocator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class KnownJobsTest {
  private final MemoryLocator memory = new MemoryLocator();
  private final JobClient directory = new JobClient(memory);
  private final WarmupJob job = Jobs.job(1, 2, 3);
  private long nowNs = 1_000;
  private int answers;
  private int moves;

  private KnownJobs known() {
    return startedAt(0);
  }

  private KnownJobs startedAt(long startedMs) {
    return new KnownJobs(
        directory, "chat", startedMs, Runnable::run, () -> nowNs, () -> answers++, () -> moves++);
  }

  private List<WarmupJob> dueAfter(KnownJobs known, long delayNs) {
    return known.due(nowNs + delayNs);
  }

  private void refreshAfter(KnownJobs known, long delayNs) {
    nowNs += delayNs;
    known.refresh();
    nowNs -= delayNs;
  }

  private static List<String> ids(JobsView view) {
    return view.jobs().stream().map(WarmupJob::id).collect(Collectors.toList());
  }

  private List<String> inDirectory() {
    return ids(directory.progress().join());
  }

  @Test
  void shouldSayWhenTheLocatorHasAnswered() {
    KnownJobs known = known();
    known.refresh();
    assertEquals(1, answers);
    memory.setDown(true);
    known.refresh();
    assertEquals(2, answers, "a failure is an answer");
  }

  @Test
  void shouldNotAskTwiceAtOnce() {
    KnownJobs known = known();
    memory.setSilent(true);
    known.refresh();
    memory.setSilent(false);
    directory.submit(job).join();
    known.refresh();
    assertEquals(List.of(), ids(known.view()), "the first question is not answered yet");
  }

  @Test
  void shouldSubmitTheJobsAgainIfTheDirectoryIsLost() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    memory.loseEverything();
    known.refresh();
    assertEquals(List.of(job.id()), ids(known.view()), "one that has not begun says nothing");

    directory.disused("/other").join();
    known.refresh();
    assertEquals(List.of(job.id()), inDirectory());
    assertEquals(1, moves, "reports are to be made anew");
    nowNs += KnownJobs.SETTLE_NS;
    known.refresh();
    assertEquals(List.of(job.id()), ids(known.view()));
    assertEquals(1, moves);
  }

  @Test
  void shouldWorkOnWithTheWorkersThatItKnewWhileTheyAnnounceThemselvesAnew() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    JobsView before = known.view();
    memory.loseEverything();
    directory.disused("/other").join();
    known.refresh();
    refreshAfter(known, KnownJobs.SETTLE_NS - 1);
    assertTrue(before == known.view());
    refreshAfter(known, KnownJobs.SETTLE_NS);
    assertFalse(before == known.view());
  }

  @Test
  void shouldNotBringBackWhatIsRemovedMeanwhile() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    memory.loseEverything();
    directory.disused("/other").join();
    known.refresh();
    directory.remove(job.id()).join();
    refreshAfter(known, 1);
    assertEquals(List.of(), inDirectory());
    refreshAfter(known, KnownJobs.SETTLE_NS);
    assertEquals(List.of(), ids(known.view()));
  }

  @Test
  void shouldSubmitThemOnceMoreIfThatDirectoryIsLostToo() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    for (int losses = 1; losses <= 2; losses++) {
      memory.loseEverything();
      directory.disused("/other").join();
      known.refresh();
      assertEquals(List.of(job.id()), inDirectory());
      assertEquals(losses, moves);
    }
  }

  @Test
  void shouldSubmitThemLaterIfTheLocatorGoesMeanwhile() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    memory.setDown(true);
    known.refresh();
    assertTrue(known.isUnreachable());
    assertEquals(List.of(job.id()), ids(known.view()));
    memory.loseEverything();
    memory.setDown(false);
    directory.disused("/other").join();
    known.refresh();
    assertFalse(known.isUnreachable());
    assertEquals(List.of(job.id()), inDirectory());
  }

  /** The numbers of versions begin anew in every directory. */
  @Test
  void shouldSeeAJobOfTheNewDirectoryWhoseVersionIsThatOfTheOldOne() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh();
    directory.remove(job.id()).join();
    known.refresh();
    memory.loseEverything();
    WarmupJob other = Jobs.job(2, 1, 1);
    directory.submit(other).join();
    directory.submit(other).join();
    known.refresh();
    refreshAfter(known, KnownJobs.SETTLE_NS);
    assertEquals(List.of(other.id()), ids(known.view()));
  }

  /** It may be the host that has come back: the first who moved there has brought the job. */
  @Test
  void shouldWaitWithAnOlderJobUntilTheOthersAreInTheDirectoryThatItFinds() {
    KnownJobs known = startedAt(job.submittedMs() + 1);
    directory.disused("/other").join();
    known.refresh();
    directory.submit(job).join();
    refreshAfter(known, 1);
    assertEquals(List.of(job.id()), ids(known.view()));
    assertEquals(List.of(), dueAfter(known, KnownJobs.SETTLE_NS - 1));
    assertEquals(1, dueAfter(known, KnownJobs.SETTLE_NS).size());
  }

  @Test
  void shouldWaitWithAnOlderJobAlsoIfTheDirectoryThatItFindsHasItAlready() {
    KnownJobs known = startedAt(job.submittedMs() + 1);
    directory.submit(job).join();
    known.refresh();
    assertEquals(List.of(), dueAfter(known, 0));
    assertEquals(1, dueAfter(known, KnownJobs.SETTLE_NS).size());
  }

  @Test
  void shouldBeginAtOnceWithAJobThatIsAskedForWhileItRuns() {
    KnownJobs known = startedAt(job.submittedMs());
    directory.submit(job).join();
    known.refresh();
    assertEquals(1, dueAfter(known, 0).size());
    directory.stop(job.id()).join();
    known.refresh();
    assertEquals(List.of(), dueAfter(known, 0));
  }

  @Test
  void shouldWaitOnIfTheDirectoryMovesBeforeTheFirstHasSettled() {
    KnownJobs known = startedAt(job.submittedMs() + 1);
    directory.submit(job).join();
    known.refresh();
    memory.loseEverything();
    directory.submit(job).join();
    nowNs += KnownJobs.SETTLE_NS / 2;
    known.refresh();
    assertEquals(List.of(), dueAfter(known, KnownJobs.SETTLE_NS - 1));
    refreshAfter(known, KnownJobs.SETTLE_NS);
    assertEquals(1, dueAfter(known, KnownJobs.SETTLE_NS).size());
  }

  @Test
  void shouldNotWaitWithWhatItWorksOnWhenTheDirectoryMoves() {
    KnownJobs known = startedAt(job.submittedMs() + 1);
    directory.submit(job).join();
    known.refresh();
    nowNs += KnownJobs.SETTLE_NS;
    assertEquals(1, dueAfter(known, 0).size());
    memory.loseEverything();
    directory.disused("/other").join();
    known.refresh();
    assertEquals(1, dueAfter(known, 0).size());
  }
}
