// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.JobDirectory;
import io.mows.p2p.locator.JobsView;
import io.mows.p2p.locator.MemoryDirectory;
import io.mows.p2p.locator.WarmupJob;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class KnownJobsTest {
  private final MemoryDirectory memory = new MemoryDirectory();
  private final JobDirectory directory = new JobDirectory(memory);
  private final WarmupJob job = Jobs.job(1, 2, 3);
  private long nowNs = 1_000;
  private int moves;

  private KnownJobs known() {
    return new KnownJobs(directory, "chat", () -> moves++);
  }

  private static List<String> ids(JobsView view) {
    return view.jobs().stream().map(WarmupJob::id).collect(Collectors.toList());
  }

  private List<String> inDirectory() {
    return ids(directory.progress().join());
  }

  @Test
  void shouldSubmitTheJobsAgainIfTheDirectoryIsLost() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    memory.loseEverything();
    known.refresh(nowNs);
    assertEquals(List.of(job.id()), ids(known.view()), "one that has not begun says nothing");

    directory.disused("/other").join();
    known.refresh(nowNs);
    assertEquals(List.of(job.id()), inDirectory());
    assertEquals(1, moves, "reports are to be made anew");
    nowNs += KnownJobs.SETTLE_NS;
    known.refresh(nowNs);
    assertEquals(List.of(job.id()), ids(known.view()));
    assertEquals(1, moves);
  }

  @Test
  void shouldWorkOnWithTheWorkersThatItKnewWhileTheyAnnounceThemselvesAnew() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    JobsView before = known.view();
    memory.loseEverything();
    directory.disused("/other").join();
    known.refresh(nowNs);
    known.refresh(nowNs + KnownJobs.SETTLE_NS - 1);
    assertTrue(before == known.view());
    known.refresh(nowNs + KnownJobs.SETTLE_NS);
    assertFalse(before == known.view());
  }

  @Test
  void shouldNotBringBackWhatIsRemovedMeanwhile() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    memory.loseEverything();
    directory.disused("/other").join();
    known.refresh(nowNs);
    directory.remove(job.id()).join();
    known.refresh(nowNs + 1);
    assertEquals(List.of(), inDirectory());
    known.refresh(nowNs + KnownJobs.SETTLE_NS);
    assertEquals(List.of(), ids(known.view()));
  }

  @Test
  void shouldSubmitThemOnceMoreIfThatDirectoryIsLostToo() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    for (int losses = 1; losses <= 2; losses++) {
      memory.loseEverything();
      directory.disused("/other").join();
      known.refresh(nowNs);
      assertEquals(List.of(job.id()), inDirectory());
      assertEquals(losses, moves);
    }
  }

  @Test
  void shouldSubmitThemLaterIfTheLocatorGoesMeanwhile() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    memory.setDown(true);
    known.refresh(nowNs);
    assertTrue(known.isUnreachable());
    assertEquals(List.of(job.id()), ids(known.view()));
    memory.loseEverything();
    memory.setDown(false);
    directory.disused("/other").join();
    known.refresh(nowNs);
    assertFalse(known.isUnreachable());
    assertEquals(List.of(job.id()), inDirectory());
  }

  /** The numbers of versions begin anew in every directory. */
  @Test
  void shouldSeeAJobOfTheNewDirectoryWhoseVersionIsThatOfTheOldOne() {
    KnownJobs known = known();
    directory.submit(job).join();
    known.refresh(nowNs);
    directory.remove(job.id()).join();
    known.refresh(nowNs);
    memory.loseEverything();
    WarmupJob other = Jobs.job(2, 1, 1);
    directory.submit(other).join();
    directory.submit(other).join();
    known.refresh(nowNs);
    known.refresh(nowNs + KnownJobs.SETTLE_NS);
    assertEquals(List.of(other.id()), ids(known.view()));
  }
}
