// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.EntryFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers and a real group of members, whole. */
final class RaftLocatorIT {
  private static final LocatorSettings FAST =
      new LocatorSettings(200, 20, 30_000, 0, 1_000, 32, 32);

  @TempDir Path dir;
  private LocatorCluster cluster;
  private final List<LocatorClient> workers = new ArrayList<>();

  @AfterEach
  void closeAll() {
    workers.forEach(LocatorClient::close);
    if (cluster != null) {
      cluster.close();
    }
  }

  private LocatorClient worker(int n) {
    PeerInfo self = new PeerInfo("peer-" + n, "host-" + n + ":29991", "chat", PeerRole.INSTANCE);
    LocatorClient worker =
        new LocatorClient(
            FAST,
            self,
            1,
            () -> new PeerLoad(n, 0, 5, 10),
            new RaftTransport(cluster.settings()),
            LocatorEvents.NONE,
            System::nanoTime);
    workers.add(worker);
    return worker;
  }

  private static FileInfo file(int n) {
    return new FileInfo(n, "/models/m/" + n, 1 << 20);
  }

  static void deleteAll(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  private static Lookup lookup(LocatorClient worker, int file) throws Exception {
    return worker.lookup(file).get(1, TimeUnit.MINUTES);
  }

  private static void awaitHolders(LocatorClient worker, int file, int count) throws Exception {
    Eventually.until(
        count + " holders of file " + file, () -> lookup(worker, file).holderCount() == count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void shouldTellWorkersOfOneAnother(int members) throws Exception {
    cluster = LocatorCluster.started(dir, members);
    LocatorClient holder = worker(1);
    LocatorClient asker = worker(2);
    holder.announce(file(1), Coverage.COMPLETE);
    holder.announce(file(2), Coverage.of(1, 4, true));
    asker.announce(file(1), Coverage.of(0, 4, true));

    awaitHolders(asker, 2, 1);
    Eventually.until("the asker itself", () -> lookup(asker, 1).owners().size() == 1);
    Lookup found = lookup(asker, 1);
    assertEquals("host-1:29991", found.neighbours().get(0).peer().dataAddress());
    assertEquals(Coverage.COMPLETE, found.neighbours().get(0).coverage());
    assertEquals(1, found.neighbours().get(0).load().outstandingBytes());
    assertEquals("peer-2", found.owners().get(0).peer().id());
    assertTrue(found.ageMs() < 1_000, found.toString());

    LocatorStatus status = asker.status("/models", 10).get(1, TimeUnit.MINUTES);
    assertEquals(2, status.peers().size());
    assertEquals(2, status.fileCount());
    assertEquals(1, status.files().get(0).groups().get(0).complete());
    holder.withdraw(1);
    awaitHolders(asker, 1, 0);
    holder.close();
    awaitHolders(asker, 2, 0);
  }

  @Test
  void shouldLoseNothingWhenTheLeaderDiesWhilePeersAnnounce() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    List<LocatorClient> announcing = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      announcing.add(worker(n));
    }
    LocatorClient asker = worker(100);
    announce(announcing, 0, 10);
    awaitHolders(asker, 9, 8);
    awaitAllMembers();

    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    CompletableFuture<Void> asking =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get()) {
                Lookup found = asker.lookup(0).join();
                assertEquals(8, found.holderCount(), found.toString());
                answered.incrementAndGet();
              }
            });
    announce(announcing, 10, 20);
    int leader = cluster.leader();
    cluster.stop(leader);
    int before = answered.get();
    announce(announcing, 20, 40);
    for (int file = 0; file < 40; file++) {
      awaitHolders(asker, file, 8);
    }
    stop.set(true);
    asking.get(1, TimeUnit.MINUTES);
    assertTrue(answered.get() > before, "lookups went on without that leader");

    cluster.start(leader);
    LocatorStatus status = asker.status("/models", 100).get(1, TimeUnit.MINUTES);
    assertEquals(40, status.fileCount());
    int back = leader;
    Eventually.until(
        "all files on the member that is back",
        () -> cluster.member(back).stateMachine().directory().fileCount() == 40);
  }

  /** Any of them may answer; until now, one of them has what was announced. */
  private void awaitAllMembers() throws Exception {
    IntToLongFunction applied =
        member -> cluster.member(member).stateMachine().getLastAppliedTermIndex().getIndex();
    long newest = IntStream.range(0, 3).mapToLong(applied).max().orElseThrow();
    Eventually.until(
        "all members are that far",
        () -> IntStream.range(0, 3).mapToLong(applied).allMatch(index -> index >= newest));
  }

  private static void announce(List<LocatorClient> workers, int from, int to) {
    for (int file = from; file < to; file++) {
      for (LocatorClient worker : workers) {
        worker.announce(file(file), Coverage.COMPLETE);
      }
    }
  }

  @Test
  void shouldHearEverythingAgainAfterAllMembersLostEverything() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    LocatorClient holder = worker(1);
    LocatorClient asker = worker(2);
    for (int file = 0; file < 50; file++) {
      holder.announce(file(file), Coverage.COMPLETE);
    }
    awaitHolders(asker, 49, 1);
    long firstEpoch = lookup(asker, 49).epoch();

    cluster.stopAll();
    Eventually.until("end", () -> holder.health().state() == LocatorHealth.State.DOWN);
    Lookup remembered = lookup(asker, 49);
    assertEquals("peer-1", remembered.neighbours().get(0).peer().id());
    assertTrue(remembered.ageMs() > 0, remembered.toString());
    assertTrue(!lookup(asker, 48).isKnown(), "it never asked about this one");
    holder.withdraw(0);
    holder.announce(file(50), Coverage.of(1, 2, true));

    for (int i = 0; i < 3; i++) {
      deleteAll(cluster.dir(i));
    }
    cluster.startAll();
    awaitHolders(asker, 50, 1);
    for (int file = 1; file < 50; file++) {
      awaitHolders(asker, file, 1);
    }
    assertEquals(0, lookup(asker, 0).holderCount());
    assertNotEquals(firstEpoch, lookup(asker, 49).epoch());
    Eventually.until("contact", () -> asker.health().state() == LocatorHealth.State.UP);
  }

  @Test
  void shouldKnowAfterARestartWhatItKnewBefore() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    LocatorClient holder = worker(1);
    for (int file = 0; file < 20; file++) {
      holder.announce(file(file), Coverage.COMPLETE);
    }
    LocatorClient asker = worker(2);
    awaitHolders(asker, 19, 1);
    long epoch = lookup(asker, 19).epoch();
    cluster.stopAll();
    cluster.startAll();
    awaitHolders(asker, 7, 1);
    assertEquals(epoch, lookup(asker, 7).epoch());
  }

  /** Jobs outlive the leader, and all members at once. */
  @Test
  void shouldKeepWarmupJobs() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    try (RaftTransport transport = new RaftTransport(cluster.settings())) {
      JobClient jobs = new JobClient(transport);
      WarmupJob job = job();
      Eventually.until("the job is taken", () -> succeeds(jobs.submit(job)));
      cluster.stop(cluster.leader());
      Eventually.until("another one leads", () -> succeeds(jobs.stop(job.id())));
      cluster.stopAll();
      cluster.startAll();
      Eventually.until(
          "the job after all",
          () ->
              jobs.progress()
                  .handle((view, failure) -> failure == null && isStopped(view, job.id()))
                  .join());
    }
  }

  /** More who wait than the members have threads for questions: none may occupy one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void shouldTellEverybodyOfAJobAtOnce(int members) throws Exception {
    cluster = LocatorCluster.started(dir, members);
    List<RaftTransport> transports = new ArrayList<>();
    try (RaftTransport operator = new RaftTransport(cluster.settings())) {
      JobClient submitting = new JobClient(operator);
      Eventually.until("an entry", () -> succeeds(submitting.disused("/other")));
      List<CompletableFuture<JobsView>> answers = new ArrayList<>();
      for (int n = 0; n < 30; n++) {
        RaftTransport transport = new RaftTransport(cluster.settings());
        transports.add(transport);
        answers.add(waiting(new JobClient(transport)));
      }
      // Longer than an attempt may take that need not wait.
      Thread.sleep(2 * LocatorCluster.FAST.attemptMs());
      assertTrue(answers.stream().noneMatch(CompletableFuture::isDone), "nothing is new yet");
      long startNs = System.nanoTime();
      submitting.submit(job()).get(1, TimeUnit.MINUTES);
      for (CompletableFuture<JobsView> answer : answers) {
        assertEquals(1, answer.get(1, TimeUnit.MINUTES).jobs().size());
      }
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      assertTrue(tookMs < JobClient.MAX_PATIENCE_MS / 3, tookMs + " ms");
    } finally {
      transports.forEach(RaftTransport::close);
    }
  }

  /** Asks what there is, then for what comes. */
  private static CompletableFuture<JobsView> waiting(JobClient jobs) throws Exception {
    JobsView known = jobs.jobs(JobsView.NONE, "chat", 1, 0).get(1, TimeUnit.MINUTES);
    return jobs.jobs(known, "chat", 1, JobClient.MAX_PATIENCE_MS);
  }

  private static WarmupJob job() {
    return WarmupJob.of(
        List.of("/m"),
        JobTarget.WARMUP,
        2,
        true,
        0,
        1,
        List.of(new JobFile(5, "/m/a", 1_000, 300)));
  }

  private static boolean isStopped(JobsView view, String jobId) {
    return view.job(jobId).map(WarmupJob::isStopped).orElse(false);
  }

  private static boolean succeeds(CompletableFuture<Void> change) {
    return change.handle((done, failure) -> failure == null).join();
  }

  @Test
  void shouldSendASnapshotToAMemberThatFellBehind() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    LocatorClient holder = worker(1);
    holder.announce(file(0), Coverage.COMPLETE);
    awaitHolders(holder, 0, 0);
    int late = cluster.follower();
    cluster.stop(late);
    RaftTransport writer = new RaftTransport(cluster.settings());
    // Many entries, so that the others drop the part of the log that the late one needs.
    EntryFactory raw = new EntryFactory("raw", "chat");
    for (int i = 0; i < 400; i++) {
      LocatorCluster.write(writer, raw.full(5, 6, Coverage.COMPLETE));
    }
    writer.close();
    holder.announce(file(1), Coverage.COMPLETE);
    cluster.start(late);
    Eventually.until(
        "both files on the late member",
        () -> cluster.member(late).stateMachine().directory().fileCount() >= 2);
    assertEquals(1, cluster.member(late).stateMachine().snapshotsInstalled());

    int leader = cluster.leader();
    cluster.stop(leader);
    LocatorClient asker = worker(2);
    awaitHolders(asker, 1, 1);
  }
}
