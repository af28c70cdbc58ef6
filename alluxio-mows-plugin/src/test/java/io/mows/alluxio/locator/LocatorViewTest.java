// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.auto.WorkerRef;
import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whom the command line asks. */
final class LocatorViewTest {
  private static final LocatorConf AUTO = MowsConfs.locator("auto");

  private final Map<String, FakeLocator> hosts = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Silent> silent = new ArrayList<>();
  private final Set<String> absent = new HashSet<>();

  private LocatorAnswer ask(LocatorConf conf, WorkerRef... workers) throws IOException {
    try (LocatorView view = new LocatorView(conf, this::connect, absent::contains)) {
      return view.ask(List.of(workers), "/", 10);
    }
  }

  private LocatorTransport connect(List<String> members) {
    String address = String.join(",", members);
    asked.add(address);
    if (hosts.containsKey(address)) {
      return hosts.get(address);
    }
    silent.add(new Silent(address));
    return silent.get(silent.size() - 1);
  }

  private static WorkerRef worker(int n) {
    return new WorkerRef("w" + n + ":29990", n, n);
  }

  private void host(String address) {
    PeerInfo peer = new PeerInfo("p", "p:29991", "chat", PeerRole.INSTANCE);
    hosts.put(address, new FakeLocator(address).announce(peer, PeerLoad.NONE));
  }

  @Test
  void shouldAskTheOldestWorker() throws IOException {
    host("w1:29990");
    LocatorAnswer answer = ask(AUTO, worker(3), worker(1), worker(2));
    assertEquals("w1:29990", answer.where());
    assertEquals(1, answer.status().peers().size());
    assertEquals(List.of("w1:29990"), asked);
    assertTrue(hosts.get("w1:29990").isClosed());
  }

  @Test
  void shouldAskTheNextOneIfTheOldestDoesNotHost() throws IOException {
    host("w3:29990");
    assertEquals("w3:29990", ask(AUTO, worker(3), worker(1), worker(2)).where());
    assertEquals(List.of("w1:29990", "w2:29990", "w3:29990"), asked);
    silent.forEach(one -> assertTrue(one.isClosed, one.describe()));
  }

  @Test
  void shouldPassByAnyNumberOfStockWorkers() throws IOException {
    WorkerRef[] workers = new WorkerRef[20];
    for (int n = 0; n < workers.length; n++) {
      workers[n] = worker(n);
      absent.add("w" + n + ":29990");
    }
    absent.remove("w17:29990");
    host("w17:29990");
    assertEquals("w17:29990", ask(AUTO, workers).where());
    assertEquals(List.of("w17:29990"), asked);
    absent.add("w17:29990");
    IOException none = assertThrows(IOException.class, () -> ask(AUTO, workers));
    assertTrue(
        none.getMessage().contains("no locator is at w0:29990 and 19 other"), none::getMessage);
  }

  @Test
  void shouldGoOnAskingWhoAnsweredUntilItDoesNot() throws IOException {
    host("w1:29990");
    List<WorkerRef> workers = List.of(worker(1), worker(2));
    try (LocatorView view = new LocatorView(AUTO, this::connect, absent::contains)) {
      view.ask(workers, "/", 10);
      assertEquals("w1:29990", view.ask(List.of(), "/", 10).where());
      assertEquals(List.of("w1:29990"), asked, "over the same connection");

      FakeLocator gone = hosts.remove("w1:29990");
      gone.leave();
      host("w2:29990");
      assertEquals("w2:29990", view.ask(workers, "/", 10).where());
      assertTrue(gone.isClosed());
      assertFalse(hosts.get("w2:29990").isClosed());
    }
    assertTrue(hosts.get("w2:29990").isClosed());
  }

  @Test
  void shouldSayWhatEachOneSaid() {
    IOException failure = assertThrows(IOException.class, () -> ask(AUTO, worker(1), worker(2)));
    assertEquals("w1:29990 is silent; w2:29990 is silent", failure.getMessage());
  }

  @Test
  void shouldNotAskWholeClusters() {
    WorkerRef[] workers = new WorkerRef[20];
    for (int n = 0; n < workers.length; n++) {
      workers[n] = worker(n);
    }
    assertThrows(IOException.class, () -> ask(AUTO, workers));
    assertEquals(5, asked.size());
  }

  @Test
  void shouldSayThatThereIsNobodyToAsk() {
    IOException failure = assertThrows(IOException.class, () -> ask(AUTO));
    assertTrue(failure.getMessage().contains("no living worker"), failure::getMessage);
  }

  @Test
  void shouldAskTheMembersThatAreConfigured() throws IOException {
    host("a:1,b:1,c:1");
    assertEquals("a:1,b:1,c:1", ask(MowsConfs.locator("a:1,b:1,c:1"), worker(1)).where());
    assertEquals(List.of("a:1,b:1,c:1"), asked);
  }

  private static final class Silent implements LocatorTransport {
    private final String address;
    boolean isClosed;

    Silent(String address) {
      this.address = address;
    }

    @Override
    public CompletableFuture<byte[]> write(byte[] entry) {
      return read(entry);
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
      return CompletableFuture.failedFuture(new IOException(address + " is silent"));
    }

    @Override
    public String describe() {
      return address;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
