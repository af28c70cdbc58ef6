// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AddressBookTest {
  private static final long AWAIT_S = 10;

  private final FakeNames names = new FakeNames();
  private final BlockingQueue<Runnable> engine = new LinkedBlockingQueue<>();
  private long nowNs = Long.MAX_VALUE - 5;
  private final AddressBook book = new AddressBook(names, engine::add, () -> nowNs);

  private long know(String dataAddress) {
    PeerInfo peer = new PeerInfo("id of " + dataAddress, dataAddress, "chat", PeerRole.INSTANCE);
    book.know(peer);
    return peer.idHash();
  }

  /** The next lookup has ended. */
  private void runNext() throws InterruptedException {
    engine.poll(AWAIT_S, TimeUnit.SECONDS).run();
  }

  private void passPatience() {
    nowNs += HostLookup.PATIENCE_NS + 1;
    book.sweep();
  }

  @AfterEach
  void close() {
    book.close();
    names.close();
  }

  @Test
  void shouldNotAskForWhatIsAnAddressAlready() {
    for (String host : List.of("10.1.2.3", "[::1]", "[fd00::12:ab]", "[fe80::1]", "0.0.0.0")) {
      InetSocketAddress address = book.find(know(host + ":29991")).join();
      assertFalse(address.isUnresolved(), host);
      assertEquals(29991, address.getPort());
    }
    assertEquals(List.of(), names.asked());
  }

  @Test
  void shouldAskOnThreadsOfItsOwnAndRememberForAWhile() throws Exception {
    long peer = know("pod-1.serving:29991");
    CompletableFuture<InetSocketAddress> first = book.find(peer);
    CompletableFuture<InetSocketAddress> second = book.find(peer);
    runNext();
    assertEquals("127.0.0.1", first.join().getAddress().getHostAddress());
    assertEquals("pod-1.serving", second.join().getHostString(), "for TLS");
    assertTrue(book.find(peer).isDone());
    assertEquals(List.of("pod-1.serving"), names.asked(), "once for all three");
    assertTrue(names.threads().get(0).startsWith("mows-resolve"), names.threads().toString());

    nowNs += HostLookup.FRESH_NS;
    assertFalse(book.find(peer).isDone(), "what may have changed is asked for again");
    runNext();
    book.doubt(peer);
    assertFalse(book.find(peer).isDone(), "so is what does not answer");
    runNext();
    assertEquals(3, names.asked().size());
  }

  @Test
  void shouldDelayOnlyThePeersOnTheHostThatNobodyKnows() throws Exception {
    names.silence("lost");
    CompletableFuture<InetSocketAddress> one = book.find(know("lost:1"));
    CompletableFuture<InetSocketAddress> other = book.find(know("lost:2"));
    CompletableFuture<InetSocketAddress> found = book.find(know("found:1"));
    runNext();
    names.awaitAsked("lost");
    assertTrue(found.isDone());
    assertFalse(one.isDone() || other.isDone());

    passPatience();
    assertTrue(one.isCompletedExceptionally() && other.isCompletedExceptionally());
    assertTrue(book.find(know("lost:1")).isCompletedExceptionally(), "still nobody knows it");
    assertEquals(1, names.asked().stream().filter("lost"::equals).count(), "one thread waits");
  }

  @Test
  void shouldUseTheOldAddressWhileNoNewOneCanBeHad() throws Exception {
    long peer = know("pod-1:29991");
    book.find(peer);
    runNext();
    names.silence("pod-1");
    nowNs += HostLookup.FRESH_NS;
    CompletableFuture<InetSocketAddress> again = book.find(peer);
    assertFalse(again.isDone());
    passPatience();
    assertEquals(29991, again.join().getPort());
  }

  @Test
  void shouldSayWhatIsWrongWithAnAddress() {
    for (String address : List.of("nonsense", "host:port", "host:99999")) {
      assertTrue(book.find(know(address)).isCompletedExceptionally(), address);
    }
    assertTrue(book.find(4711).isCompletedExceptionally());
    assertEquals(List.of(), names.asked());
  }
}
