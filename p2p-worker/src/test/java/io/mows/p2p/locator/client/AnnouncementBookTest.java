// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import static io.mows.p2p.locator.state.Peers.file;
import static io.mows.p2p.locator.state.Peers.part;
import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.AnnouncementBook.Draft;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.state.LocatorState;
import io.mows.p2p.locator.state.Peers;
import io.mows.p2p.locator.state.StateRules.Transition;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnnouncementBookTest {
  private final AnnouncementBook book = new AnnouncementBook(peer(1), 1, Peers.LEASE_MS);
  private LocatorState state = LocatorState.empty();
  private long timeMs = 1_000_000;

  private Draft next() {
    return book.next(PeerLoad.NONE);
  }

  private Result deliver(Draft draft) {
    timeMs += 100;
    Transition transition = Peers.apply(state, timeMs, draft.entry());
    state = transition.state();
    return transition.reply().result();
  }

  private void say() {
    Draft draft = next();
    assertEquals(Result.OK, deliver(draft));
    book.confirmed(draft, true);
  }

  @Test
  void shouldSayEverythingOnceAndThenOnlyChanges() {
    assertTrue(book.put(file(1), Coverage.COMPLETE));
    book.put(file(2), part(0));
    Draft full = next();
    assertTrue(full.entry().isFull());
    assertEquals(2, full.entry().changes().size());
    deliver(full);
    book.confirmed(full, true);

    assertEquals(0, next().entry().changes().size());
    book.put(file(2), part(1));
    Draft delta = next();
    assertFalse(delta.entry().isFull());
    assertEquals(1, delta.entry().changes().size());
    assertFalse(delta.entry().changes().get(0).isPut(), "the directory knows the file");
  }

  @Test
  void shouldHurryOnlyForWhatOthersWaitFor() {
    assertTrue(book.put(file(1), part(0)), "a new file");
    say();
    assertTrue(book.put(file(1), part(1)), "the first piece");
    say();
    assertFalse(book.put(file(1), part(250)), "not a quarter further");
    assertTrue(book.put(file(1), part(251)));
    say();
    assertFalse(book.put(file(1), part(500)));
    assertTrue(book.put(file(1), Coverage.COMPLETE));
    say();
    assertFalse(book.put(file(1), Coverage.COMPLETE), "nothing new");
    assertTrue(book.remove(file(1).id()));
    say();
    assertFalse(book.remove(file(1).id()));
  }

  @Test
  void shouldSplitWhatIsTooMuchForOneEntry() {
    for (int n = 0; n < 30_000; n++) {
      book.put(file(n), Coverage.COMPLETE);
    }
    int entries = 0;
    do {
      Draft draft = next();
      assertTrue(draft.entry().toBytes().length <= LocatorEntry.MAX_BYTES);
      assertEquals(Result.OK, deliver(draft));
      book.confirmed(draft, true);
      entries++;
    } while (book.isUrgent());
    assertTrue(entries > 1);
    assertEquals(30_000, state.holdings());
  }

  @Test
  void shouldOfferAgainWhatAFullDirectoryLeftOut() {
    state = LocatorState.empty(new LocatorLimits(9, 1, 9));
    book.put(file(1), part(0));
    book.put(file(2), part(0));
    Draft draft = next();
    assertEquals(Result.LIMITED, deliver(draft));
    book.confirmed(draft, false);
    book.put(file(1), part(100));
    book.put(file(2), part(100));
    draft = next();
    assertEquals(Result.LIMITED, deliver(draft), "not FULL_NEEDED, again and again");
  }

  /** Entries and replies get lost, the directory starts anew: in the end it knows all. */
  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44})
  void shouldConvergeWhateverGetsLost(long seed) {
    Random random = new Random(seed);
    Map<Long, Coverage> mine = new HashMap<>();
    for (int step = 0; step < 2_000; step++) {
      long n = 1L + random.nextInt(40);
      if (random.nextInt(4) == 0) {
        mine.remove(file(n).id());
        book.remove(file(n).id());
      } else {
        Coverage coverage = Coverage.ofPermille(random.nextInt(1001), random.nextBoolean());
        mine.put(file(n).id(), coverage);
        book.put(file(n), coverage);
      }
      if (random.nextInt(3) == 0) {
        exchange(random.nextInt(10));
      }
      if (random.nextInt(200) == 0) {
        state = LocatorState.empty();
      }
    }
    while (next().entry().isFull() || !book.confirmedAll()) {
      exchange(9);
    }
    Map<Long, Coverage> known = new HashMap<>();
    state.peers().get(peer(1).id()).files().forEach(known::put);
    assertEquals(mine, known, "seed " + seed);
  }

  private void exchange(int luck) {
    Draft draft = next();
    if (luck == 0) {
      return; // the entry gets lost
    }
    Result result = deliver(draft);
    if (luck == 1) {
      return; // the reply gets lost
    }
    if (result == Result.FULL_NEEDED) {
      book.forgotten();
    } else {
      assertEquals(Result.OK, result);
      book.confirmed(draft, true);
    }
  }
}
