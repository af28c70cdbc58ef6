// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorReader;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.EntryFactory;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.Seals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who reaches the locator's port, knows the protocol, the member's address and the
 * cluster's id, and not its secret. In each test who knows the secret succeeds with the same, or
 * the refusals would show nothing.
 */
final class StrangerIT {
  private static final LocatorSettings FAST =
      new LocatorSettings(200, 20, 60_000, 0, 1_000, 32, 32);

  /** Waits for an answer however long it takes, and does not ask again. */
  private static final Timing ONE_ANSWER = new Timing(200, 30_000, 1, 60_000, 50, 16 << 10);

  private static final MessageSeal OURS = Seals.of("what the workers know");
  private static final List<MessageSeal> STRANGERS =
      List.of(Seals.insecure(), Seals.of("a guess"), Seals.ofCluster(9, "what the workers know"));

  @TempDir Path dir;
  private LocatorCluster cluster;
  private final List<LocatorClient> workers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    cluster = new LocatorCluster(dir, 1, OURS, Optional.empty());
    cluster.startAll();
  }

  @AfterEach
  void close() {
    workers.forEach(LocatorClient::close);
    cluster.close();
  }

  private LocatorClient worker(String name) {
    LocatorClient worker =
        new LocatorClient(
            FAST,
            new PeerInfo(name, name + ":29991", "default", PeerRole.INSTANCE),
            1,
            () -> PeerLoad.NONE,
            transport(OURS),
            LocatorEvents.NONE,
            System::nanoTime);
    workers.add(worker);
    return worker;
  }

  private RaftTransport transport(MessageSeal seal) {
    return new RaftTransport(
        new RaftLocatorSettings(cluster.settings().members(), seal, Optional.empty(), ONE_ANSWER));
  }

  private static FileInfo file(int n) {
    return new FileInfo(n, "/models/m/" + n, 1 << 20);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  private static List<String> holders(LocatorClient asker, int file) throws Exception {
    Lookup found = get(asker.lookup(file));
    return found.neighbours().stream().map(holder -> holder.peer().id()).collect(toList());
  }

  /** What one attempt is. */
  private interface Attempt {
    CompletableFuture<?> by(RaftTransport stranger) throws Exception;
  }

  private void assertRefused(Attempt attempt) throws Exception {
    for (MessageSeal seal : STRANGERS) {
      try (RaftTransport stranger = transport(seal)) {
        ExecutionException refused =
            assertThrows(ExecutionException.class, () -> get(attempt.by(stranger)));
        String message = refused.getMessage();
        assertTrue(
            (message.contains("The locator refuses this worker") && message.contains("secret"))
                || message.contains("hosts the locator of another Alluxio cluster"),
            message);
        assertTrue(message.contains("alluxio.mows."), () -> "it names no remedy: " + message);
      }
    }
  }

  private void assertTaken(Attempt attempt) throws Exception {
    try (RaftTransport one = transport(OURS)) {
      Eventually.until(
          "success", () -> get(attempt.by(one).handle((done, failure) -> failure == null)));
    }
  }

  @Test
  void shouldNotBecomeAHolder() throws Exception {
    LocatorClient asker = worker("asker");
    worker("holder").announce(file(1), Coverage.COMPLETE);
    Eventually.until("the holder", () -> holders(asker, 1).equals(List.of("holder")));
    byte[] claim = new EntryFactory("stranger", "default").full(1, 2, Coverage.COMPLETE);
    assertRefused(stranger -> stranger.write(claim));
    assertEquals(List.of("holder"), holders(asker, 1), "nobody would dial the stranger");
    assertTaken(one -> one.write(claim));
    Eventually.until("another holder", () -> holders(asker, 1).size() == 2);
  }

  @Test
  void shouldNotTakeAWorkersName() throws Exception {
    LocatorClient worker = worker("worker");
    LocatorClient asker = worker("asker");
    worker.announce(file(1), Coverage.COMPLETE);
    Eventually.until("the worker", () -> holders(asker, 1).equals(List.of("worker")));
    byte[] younger = new EntryFactory("worker", "default", 1 << 20).full(5, 6, Coverage.COMPLETE);
    assertRefused(stranger -> stranger.write(younger));
    worker.announce(file(2), Coverage.COMPLETE);
    Eventually.until("more of the worker", () -> holders(asker, 2).equals(List.of("worker")));
    assertEquals(LocatorHealth.State.UP, worker.health().state());
    assertEquals(List.of(), holders(asker, 5));
    assertTaken(one -> one.write(younger));
    Eventually.until(
        "a worker that was locked out",
        () -> worker.health().state() == LocatorHealth.State.REPLACED);
  }

  @Test
  void shouldNotSeeStopSubmitOrForgetJobs() throws Exception {
    WarmupJob job = WarmupJob.of(List.of("/m"), JobTarget.EVERY, 1, false, 0, 1, List.of());
    WarmupJob theirs = WarmupJob.of(List.of("/other"), JobTarget.EVERY, 1, false, 0, 1, List.of());
    assertTaken(one -> new JobClient(one).submit(job));
    List<Attempt> attempts =
        List.of(
            stranger -> new JobClient(stranger).progress(),
            stranger -> new LocatorReader(stranger).status("/", 10),
            stranger -> new JobClient(stranger).submit(theirs),
            stranger -> new JobClient(stranger).stop(job.id()),
            stranger -> new JobClient(stranger).remove(job.id()));
    for (Attempt attempt : attempts) {
      assertRefused(attempt);
    }
    try (RaftTransport operator = transport(OURS)) {
      List<WarmupJob> jobs = get(new JobClient(operator).progress()).jobs();
      assertEquals(1, jobs.size(), jobs::toString);
      assertEquals(job.id(), jobs.get(0).id());
      assertTrue(!jobs.get(0).isStopped(), "it was stopped");
    }
    for (Attempt attempt : attempts) {
      assertTaken(attempt);
    }
  }
}
