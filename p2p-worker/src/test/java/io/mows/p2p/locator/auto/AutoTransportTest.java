// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import static io.mows.p2p.locator.state.Peers.file;
import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.state.MemoryLocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster without settings: who hosts, who moves, and what everybody knows meanwhile. */
final class AutoTransportTest {
  private static final LocatorSettings FAST = new LocatorSettings(30, 5, 20_000, 0, 500, 8, 8);

  private final Map<String, MemoryLocator> hosted = new ConcurrentHashMap<>();
  private final AtomicInteger mostHostedAtOnce = new AtomicInteger();
  private final Map<Integer, List<WorkerRef>> views = new ConcurrentHashMap<>();
  private final AtomicLong skippedNs = new AtomicLong();
  private final List<Worker> workers = new ArrayList<>();
  private final Set<String> absent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failingConnections = new AtomicInteger();

  @AfterEach
  void closeAll() {
    workers.forEach(Worker::close);
  }

  private static WorkerRef ref(int n) {
    return new WorkerRef("host-" + n, 1_000 + n, n);
  }

  private static List<WorkerRef> refs(int... numbers) {
    List<WorkerRef> refs = new ArrayList<>();
    for (int n : numbers) {
      refs.add(ref(n));
    }
    return refs;
  }

  private void everybodySees(int... numbers) {
    for (int n = 1; n <= 5; n++) {
      views.put(n, refs(numbers));
    }
  }

  private Worker start(int n) {
    Worker worker = new Worker(n);
    workers.add(worker);
    return worker;
  }

  private static boolean knows(Worker asker, int holder) throws Exception {
    return asker.locator.lookup(file(holder).id()).get(1, TimeUnit.MINUTES).neighbours().stream()
        .anyMatch(found -> found.peer().id().equals(peer(holder).id()));
  }

  private void awaitAcquaintance() throws Exception {
    for (Worker asker : workers) {
      for (Worker holder : workers) {
        if (asker != holder && !asker.isClosed && !holder.isClosed) {
          Eventually.until(asker.n + " knows " + holder.n, () -> knows(asker, holder.n));
        }
      }
    }
  }

  @Test
  void shouldShareWithNoSettingAtAll() throws Exception {
    everybodySees(1, 2, 3);
    for (int n = 1; n <= 3; n++) {
      start(n);
    }
    awaitAcquaintance();
    assertEquals(List.of("host-1"), List.copyOf(hosted.keySet()));
    assertTrue(workers.get(0).auto.isHost());
    assertEquals(List.of("the clock of host-1"), workers.get(1).auto.clocksOff());
    assertFalse(workers.get(1).auto.isHost());
  }

  @Test
  void shouldMoveWhenTheHostGoes() throws Exception {
    everybodySees(1, 2, 3);
    for (int n = 1; n <= 3; n++) {
      start(n);
    }
    awaitAcquaintance();
    workers.get(0).close();
    everybodySees(2, 3);
    Eventually.until("the next host", () -> hosted.containsKey("host-2"));
    awaitAcquaintance();
    Eventually.until(
        "both in the new directory", () -> hosted.get("host-2").state().peers().size() == 2);
    assertFalse(hosted.containsKey("host-1"));
  }

  @Test
  void shouldMoveWhenTheHostIsSilentThoughTheMasterListsIt() throws Exception {
    everybodySees(1, 2, 3);
    start(2);
    start(3);
    Eventually.until(
        "notice", () -> workers.get(0).locator.health().state() == LocatorHealth.State.DOWN);
    assertEquals(0, hosted.size());
    skipUntil("the next host", () -> hosted.containsKey("host-2"));
    awaitAcquaintance();
    assertEquals(List.of("host-2"), List.copyOf(hosted.keySet()));
  }

  @Test
  void shouldReturnToAHostThatWasOnlySlow() throws Exception {
    everybodySees(1, 2, 3);
    start(2);
    start(3);
    skipUntil("the next host", () -> hosted.containsKey("host-2"));
    start(1);
    // Possibly only for a moment: the others may return at once.
    Eventually.until("two directories", () -> mostHostedAtOnce.get() == 2);
    skipUntil("one directory", () -> List.copyOf(hosted.keySet()).equals(List.of("host-1")));
    awaitAcquaintance();
    assertEquals(3, hosted.get("host-1").state().peers().size());
  }

  @Test
  void shouldStayWhereItIsWhileAnOlderWorkerHasNoMows() throws Exception {
    everybodySees(1, 2, 3);
    start(2);
    start(3);
    skipUntil("the next host", () -> hosted.containsKey("host-2"));
    MemoryLocator before = hosted.get("host-2");
    awaitAcquaintance();
    for (int i = 0; i < 100; i++) {
      skippedNs.addAndGet(TimeUnit.SECONDS.toNanos(5));
      Thread.sleep(2);
    }
    assertSame(before, hosted.get("host-2"));
    awaitAcquaintance();
  }

  /** No clock is moved: nobody's patience is needed. */
  @Test
  void shouldNotWaitForOneStockWorkerAfterTheOther() throws Exception {
    absent.addAll(List.of("host-1", "host-2", "host-3"));
    everybodySees(1, 2, 3, 4, 5);
    start(4);
    start(5);
    long startNs = System.nanoTime();
    Eventually.until("the oldest that has MoWS hosts", () -> hosted.containsKey("host-4"));
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    assertTrue(tookMs < HostElection.PATIENCE_MS, () -> "it took " + tookMs + " ms");
    awaitAcquaintance();
    assertEquals(List.of("host-4"), List.copyOf(hosted.keySet()));
  }

  @Test
  void shouldEndWhatItHostsIfItCannotTalkToItAndTryAgain() throws Exception {
    everybodySees(1);
    failingConnections.set(1);
    start(1);
    Eventually.until("it has failed", () -> failingConnections.get() == 0);
    Eventually.until("it hosts nothing", () -> hosted.isEmpty() && mostHostedAtOnce.get() == 1);
    skipUntil("it hosts", () -> hosted.containsKey("host-1"));
    Eventually.until("it is known there", () -> hosted.get("host-1").state().peers().size() == 1);
  }

  private void skipUntil(String what, Callable<Boolean> condition) throws Exception {
    Eventually.until(
        what,
        () -> {
          skippedNs.addAndGet(TimeUnit.SECONDS.toNanos(1));
          return condition.call();
        });
  }

  @Test
  void shouldComeToNoHarmWhileWorkersSeeDifferentLists() throws Exception {
    everybodySees(1, 2, 3, 4);
    views.put(3, refs(3, 4));
    views.put(4, refs(3, 4));
    for (int n = 1; n <= 4; n++) {
      start(n);
    }
    Eventually.until("two directories", () -> hosted.size() == 2);
    Eventually.until("1 knows 2", () -> knows(workers.get(0), 2));
    Eventually.until("4 knows 3", () -> knows(workers.get(3), 3));
    assertFalse(knows(workers.get(0), 3), "each directory knows its own");

    everybodySees(1, 2, 3, 4);
    awaitAcquaintance();
    Eventually.until("one directory", () -> List.copyOf(hosted.keySet()).equals(List.of("host-1")));
    assertEquals(4, hosted.get("host-1").state().peers().size());
  }

  @Test
  void shouldStayWhereItIsWhileTheMasterIsAway() throws Exception {
    everybodySees(1, 2);
    start(1);
    start(2);
    awaitAcquaintance();
    views.clear();
    int before = hosted.get("host-1").writes.get();
    Eventually.until("heartbeats go on", () -> hosted.get("host-1").writes.get() > before + 4);
    assertTrue(knows(workers.get(1), 1));
  }

  @Test
  void shouldStayWhereItIsWhenAnotherMasterCountsAnew() throws Exception {
    everybodySees(1, 2);
    start(1);
    start(2);
    awaitAcquaintance();
    MemoryLocator before = hosted.get("host-1");
    for (int n = 1; n <= 2; n++) {
      views.put(n, List.of(new WorkerRef("host-2", 9_002, 2), new WorkerRef("host-1", 9_001, 1)));
    }
    int writes = before.writes.get();
    Eventually.until("heartbeats go on", () -> before.writes.get() > writes + 4);
    assertSame(before, hosted.get("host-1"));
    assertEquals(1, hosted.size());
  }

  private final class Worker implements LocatorHosting {
    final int n;
    final AutoTransport auto;
    final LocatorClient locator;
    boolean isClosed;

    Worker(int n) {
      this.n = n;
      this.auto = new AutoTransport("host-" + n, this::list, this, 5, this::nanoTime);
      this.locator =
          new LocatorClient(
              FAST, peer(n), 1, () -> PeerLoad.NONE, auto, LocatorEvents.NONE, this::nanoTime);
      locator.announce(file(n), Coverage.COMPLETE);
    }

    private long nanoTime() {
      return System.nanoTime() + skippedNs.get();
    }

    private List<WorkerRef> list() throws IOException {
      List<WorkerRef> view = views.get(n);
      if (view == null) {
        throw new IOException("no master");
      }
      return view;
    }

    @Override
    public AutoCloseable host(String address) throws IOException {
      if (hosted.putIfAbsent(address, new MemoryLocator()) != null) {
        throw new IOException("the port is taken");
      }
      mostHostedAtOnce.accumulateAndGet(hosted.size(), Math::max);
      return () -> hosted.remove(address);
    }

    @Override
    public boolean isAbsent(String address) {
      return absent.contains(address);
    }

    @Override
    public LocatorTransport connect(String address) {
      if (failingConnections.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("no memory");
      }
      return new Remote(address);
    }

    void close() {
      if (!isClosed) {
        isClosed = true;
        locator.close();
      }
    }
  }

  /** Finds the directory anew for each message, as a network does. */
  private final class Remote implements LocatorTransport {
    private final String address;

    Remote(String address) {
      this.address = address;
    }

    @Override
    public CompletableFuture<byte[]> write(byte[] entry) {
      MemoryLocator directory = hosted.get(address);
      return directory == null ? refused() : directory.write(entry);
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
      MemoryLocator directory = hosted.get(address);
      return directory == null ? refused() : directory.read(query, patienceMs);
    }

    private CompletableFuture<byte[]> refused() {
      return CompletableFuture.failedFuture(new IOException("nobody listens at " + address));
    }

    @Override
    public String describe() {
      return address;
    }

    @Override
    public List<String> clocksOff() {
      return List.of("the clock of " + address);
    }

    @Override
    public void close() {}
  }
}
