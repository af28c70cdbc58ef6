// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import static io.mows.p2p.locator.state.Peers.file;
import static io.mows.p2p.locator.state.Peers.part;
import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth.State;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.state.FileState;
import io.mows.p2p.locator.state.MemoryLocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocatorClientTest {
  private final MemoryLocator directory = new MemoryLocator();
  private final AtomicLong skippedNs = new AtomicLong();
  private final List<LocatorClient> open = new ArrayList<>();
  private final AtomicInteger replaced = new AtomicInteger();

  @AfterEach
  void closeAll() {
    open.forEach(LocatorClient::close);
  }

  private LocatorClient locator(int n, long session, long lookupFreshMs) {
    LocatorSettings settings = new LocatorSettings(40, 5, 20_000, lookupFreshMs, 500, 8, 8);
    LocatorEvents events =
        new LocatorEvents() {
          @Override
          public void directoryReplaced() {
            replaced.incrementAndGet();
          }
        };
    LocatorClient locator =
        new LocatorClient(
            settings,
            peer(n),
            session,
            () -> PeerLoad.NONE,
            directory,
            events,
            () -> System.nanoTime() + skippedNs.get());
    open.add(locator);
    return locator;
  }

  private void skip(long ms) {
    skippedNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private boolean has(int n, long file) {
    FileState known = directory.state().files().get(file(file).id());
    return known != null && known.holders().containsKey(peer(n).id());
  }

  /** Peer 1 has all of file {@code n}, and the directory knows. */
  private void announceAll(int n) throws Exception {
    locator(1, 1, 0).announce(file(n), Coverage.COMPLETE);
    Eventually.until("file " + n, () -> has(1, n));
  }

  private static Lookup get(CompletableFuture<Lookup> lookup) throws Exception {
    return lookup.get(1, TimeUnit.MINUTES);
  }

  @Test
  void shouldAnnounceAtOnceAndTakeLeave() throws Exception {
    LocatorClient locator = locator(1, 1, 0);
    locator.announce(file(1), part(0));
    Eventually.until("file 1", () -> has(1, 1));
    Eventually.until("contact", () -> locator.health().state() == State.UP);
    locator.withdraw(file(1).id());
    Eventually.until("no file 1", () -> !has(1, 1));
    locator.close();
    assertEquals(0, directory.state().peers().size());
  }

  @Test
  void shouldAskOnceForManyAndKeepTheAnswer() throws Exception {
    announceAll(1);
    LocatorClient asker = locator(2, 1, 3_600_000);
    List<CompletableFuture<Lookup>> lookups = new ArrayList<>();
    for (int n = 1; n <= 100; n++) {
      lookups.add(asker.lookup(file(n).id()));
    }
    for (CompletableFuture<Lookup> lookup : lookups) {
      assertTrue(get(lookup).isKnown());
    }
    int asked = directory.reads.get();
    assertEquals(1, get(asker.lookup(file(1).id())).holderCount());
    assertEquals(asked, directory.reads.get(), "a fresh answer is not asked for again");
    skip(3_600_001);
    assertEquals(0, get(asker.lookup(file(1).id())).ageMs());
    assertEquals(asked + 1, directory.reads.get());
  }

  @Test
  void shouldAskForSeveralFilesInOneQuestion() throws Exception {
    announceAll(2);
    LocatorClient asker = locator(2, 1, 3_600_000);
    int before = directory.reads.get();
    List<CompletableFuture<Lookup>> lookups = asker.lookup(List.of(1L, file(2).id(), 3L));
    assertEquals(1, get(lookups.get(1)).holderCount());
    assertEquals(3, get(lookups.get(2)).fileId());
    assertEquals(before + 1, directory.reads.get());
  }

  @Test
  void shouldGiveTheLastKnownAnswerAndItsAgeWhileTheDirectoryIsDown() throws Exception {
    announceAll(1);
    LocatorClient asker = locator(2, 1, 100);
    assertEquals(1, get(asker.lookup(file(1).id())).holderCount());

    directory.setDown(true);
    skip(7_000);
    Lookup remembered = get(asker.lookup(file(1).id()));
    assertEquals(1, remembered.holderCount());
    assertTrue(remembered.ageMs() >= 7_000, remembered.toString());
    assertFalse(get(asker.lookup(file(2).id())).isKnown());
    assertThrows(ExecutionException.class, () -> asker.status("/", 1).get());
    Eventually.until("notice", () -> asker.health().state() == State.DOWN);
    assertTrue(asker.health().failure().contains("down"));

    directory.setDown(false);
    skip(1_000);
    Eventually.until("a fresh answer", () -> get(asker.lookup(file(1).id())).ageMs() < 100);
    Eventually.until("contact", () -> asker.health().state() == State.UP);
  }

  @Test
  void shouldSayEverythingAgainToADirectoryThatForgotIt() throws Exception {
    LocatorClient locator = locator(1, 1, 0);
    LocatorClient asker = locator(2, 1, 0);
    for (int n = 1; n <= 20; n++) {
      locator.announce(file(n), part(500));
    }
    Eventually.until("file 20", () -> has(1, 20));
    assertEquals(1, get(asker.lookup(file(7).id())).holderCount());
    directory.setDown(true);
    directory.loseEverything();
    locator.withdraw(file(3).id());
    directory.setDown(false);
    assertEquals(
        "peer-1",
        get(asker.lookup(file(7).id())).neighbours().get(0).peer().id(),
        "known from before, until everybody has announced again");
    for (int n = 1; n <= 20; n++) {
      int each = n;
      Eventually.until("file " + n, () -> has(1, each) == (each != 3));
    }
    Eventually.until("events", () -> replaced.get() >= 1);
  }

  @Test
  void shouldCopeWithLostReplies() throws Exception {
    directory.setLosesReplies(true);
    LocatorClient locator = locator(1, 1, 0);
    locator.announce(file(1), part(0));
    Eventually.until("file 1", () -> has(1, 1));
    locator.withdraw(file(1).id());
    locator.announce(file(2), part(0));
    directory.setLosesReplies(false);
    Eventually.until("file 2 and no file 1", () -> has(1, 2) && !has(1, 1));
  }

  @Test
  void shouldStopWhenAYoungerProcessHasItsName() throws Exception {
    LocatorClient old = locator(1, 1, 0);
    old.announce(file(1), part(0));
    Eventually.until("file 1", () -> has(1, 1));
    LocatorClient young = locator(1, 2, 0);
    young.announce(file(2), part(0));
    Eventually.until("notice", () -> old.health().state() == State.REPLACED);
    assertTrue(has(1, 2) && !has(1, 1));
    old.close();
    assertTrue(has(1, 2), "the old one must not take leave for the young one");
  }
}
