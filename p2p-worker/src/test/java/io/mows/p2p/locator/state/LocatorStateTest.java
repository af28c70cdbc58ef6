// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static io.mows.p2p.locator.state.Peers.LEASE_MS;
import static io.mows.p2p.locator.state.Peers.apply;
import static io.mows.p2p.locator.state.Peers.delta;
import static io.mows.p2p.locator.state.Peers.file;
import static io.mows.p2p.locator.state.Peers.full;
import static io.mows.p2p.locator.state.Peers.lookup;
import static io.mows.p2p.locator.state.Peers.part;
import static io.mows.p2p.locator.state.Peers.peer;
import static io.mows.p2p.locator.state.Peers.put;
import static io.mows.p2p.locator.state.Peers.remove;
import static io.mows.p2p.locator.state.Peers.update;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.locator.state.StateRules.Transition;
import io.mows.p2p.locator.wire.WireException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class LocatorStateTest {
  private static final long T0 = 1_700_000_000_000L;

  private LocatorState state = LocatorState.empty();
  private long timeMs = T0;

  private Result say(LocatorEntry entry) {
    Transition transition = apply(state, timeMs, entry);
    state = transition.state();
    return transition.reply().result();
  }

  private Coverage coverage(int peer, long file) {
    FileState known = state.files().get(file(file).id());
    FileState.Holding holding = known == null ? null : known.holders().get(peer(peer).id());
    return holding == null ? null : holding.coverage();
  }

  @Test
  void shouldKnowWhatPeersAnnounce() {
    assertEquals(Result.OK, say(full(peer(1), 5, 1, put(1, Coverage.COMPLETE), put(2, part(10)))));
    assertEquals(Result.OK, say(full(peer(2), 5, 1)));
    assertEquals(Result.OK, say(delta(peer(2), 5, 2, 1, put(1, part(500)), put(3, part(0)))));
    assertEquals(Result.OK, say(delta(peer(1), 5, 2, 1, update(2, part(20)), remove(1))));

    assertEquals(part(20), coverage(1, 2));
    assertEquals(part(500), coverage(2, 1));
    assertEquals(part(0), coverage(2, 3));
    assertEquals(null, coverage(1, 1));
    assertEquals(3, state.holdings());
    assertEquals(1, lookup(state, peer(1), 1).holderCount());
  }

  @Test
  void shouldForgetAFileThatNobodyHasAnyMore() {
    say(full(peer(1), 5, 1, put(1, Coverage.COMPLETE)));
    say(delta(peer(1), 5, 2, 1, remove(1)));

    assertEquals(0, state.files().size());
    assertEquals(0, state.holdings());
  }

  @Test
  void shouldForgetAPeerThatFellSilentAndNoOther() {
    say(full(peer(1), 5, 1, put(1, Coverage.COMPLETE)));
    say(full(peer(2), 5, 1, put(1, Coverage.COMPLETE)));
    for (long seq = 2; seq < 20; seq++) {
      timeMs += 1_000;
      say(delta(peer(2), 5, seq, seq - 1));
    }

    assertEquals(1, state.peers().size());
    assertEquals(null, coverage(1, 1));
    assertEquals(Coverage.COMPLETE, coverage(2, 1));
    assertEquals(Result.FULL_NEEDED, say(delta(peer(1), 5, 2, 1)), "the silent one comes back");
  }

  @Test
  void shouldNotCountTheTimeInWhichNobodyCouldAnnounce() {
    say(full(peer(1), 5, 1, put(1, Coverage.COMPLETE)));
    timeMs += 3_600_000; // the locator was down for an hour
    say(full(peer(2), 5, 1));
    assertEquals(Coverage.COMPLETE, coverage(1, 1), "it had no chance to renew its lease");

    timeMs -= 7_200_000; // a leader whose clock is behind
    say(delta(peer(2), 5, 2, 1));
    assertEquals(Coverage.COMPLETE, coverage(1, 1));

    assertEquals(Result.OK, say(delta(peer(1), 5, 2, 1)));
  }

  @Test
  void shouldAskForEverythingWhenItDoesNotKnowWhatCameBefore() {
    assertEquals(Result.FULL_NEEDED, say(delta(peer(1), 5, 7, 6)), "never heard of the peer");
    say(full(peer(1), 5, 8, put(1, part(1))));
    assertEquals(Result.FULL_NEEDED, say(delta(peer(1), 6, 1, 0)), "another session");
    assertEquals(Result.FULL_NEEDED, say(delta(peer(1), 5, 12, 11)), "9 to 11 are missing");
    assertEquals(Result.FULL_NEEDED, say(delta(peer(1), 5, 9, 8, update(2, part(1)))));
    assertEquals(Result.OK, say(delta(peer(1), 5, 9, 8, update(1, part(2)))));
    assertEquals(part(2), coverage(1, 1));
  }

  @Test
  void shouldAcceptWhatWasSaidAgainBecauseAReplyGotLost() {
    say(full(peer(1), 5, 1));
    assertEquals(Result.OK, say(delta(peer(1), 5, 2, 1, put(1, part(1)))));
    assertEquals(Result.OK, say(delta(peer(1), 5, 3, 1, put(1, part(2)), put(2, part(1)))));
    assertEquals(Result.OK, say(delta(peer(1), 5, 2, 1, put(1, part(1)))), "a late copy");

    assertEquals(part(2), coverage(1, 1));
    assertEquals(part(1), coverage(1, 2));
  }

  @Test
  void shouldBelieveTheYoungerOfTwoProcesses() {
    say(full(peer(1), 5, 90, put(1, part(1))));
    assertEquals(Result.OK, say(full(peer(1), 6, 1, put(2, part(1)))));
    assertEquals(Result.REPLACED, say(full(peer(1), 5, 91, put(3, part(1)))));
    assertEquals(Result.REPLACED, say(delta(peer(1), 5, 91, 90)));
    assertEquals(Result.REPLACED, say(new Departure(peer(1).id(), 5)));

    assertEquals(null, coverage(1, 1));
    assertEquals(part(1), coverage(1, 2));
    assertEquals(Result.OK, say(new Departure(peer(1).id(), 6)));
    assertEquals(0, state.peers().size());
    assertEquals(0, state.files().size());
  }

  @Test
  void shouldTellItsLivesApart() {
    long first = apply(LocatorState.empty(), T0, full(peer(1), 5, 1)).reply().epoch();
    long second = apply(LocatorState.empty(), T0 + 1, full(peer(1), 5, 1)).reply().epoch();
    assertNotEquals(first, second);
    say(full(peer(1), 5, 1));
    long epoch = state.epoch();
    timeMs += 1_000;
    say(full(peer(2), 5, 1));
    assertEquals(epoch, state.epoch());
  }

  @Test
  void shouldStayWithinItsLimits() {
    state = LocatorState.empty(new LocatorLimits(2, 3, 4));
    assertEquals(Result.OK, say(full(peer(1), 5, 1, put(1, part(1)), put(2, part(1)))));
    assertEquals(
        Result.LIMITED,
        say(full(peer(2), 5, 1, put(1, part(1)), put(3, part(1)), put(4, part(1)))));
    assertEquals(Result.LIMITED, say(full(peer(3), 5, 1)), "a third peer");
    assertEquals(Result.LIMITED, say(delta(peer(1), 5, 2, 1, put(3, part(1)))), "a fifth holding");
    assertEquals(Result.OK, say(delta(peer(1), 5, 3, 2, remove(1), put(3, part(1)))));

    assertEquals(3, state.files().size());
    assertEquals(4, state.holdings());
    assertEquals(2, state.peers().size());
  }

  @Test
  void shouldLeaveOlderStatesAsTheyWere() {
    say(full(peer(1), 5, 1, put(1, part(1))));
    LocatorState before = state;
    byte[] bytes = StateCodec.write(before);
    say(delta(peer(1), 5, 2, 1, update(1, Coverage.COMPLETE), put(2, part(1))));
    say(full(peer(2), 5, 1, put(1, part(1))));

    assertArrayEquals(bytes, StateCodec.write(before));
  }

  @Test
  void shouldRefuseADamagedSnapshot() throws WireException {
    say(full(peer(1), 5, 1, put(1, part(1)), put(9, Coverage.COMPLETE)));
    say(full(peer(2), 5, 1, put(9, part(3))));
    byte[] bytes = StateCodec.write(state);
    LocatorState read = StateCodec.read(bytes, LocatorLimits.DEFAULT);
    assertArrayEquals(bytes, StateCodec.write(read));
    assertEquals(3, read.holdings());

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(WireException.class, () -> StateCodec.read(cut, LocatorLimits.DEFAULT));
    }
    byte[] tooMany = bytes;
    assertThrows(WireException.class, () -> StateCodec.read(tooMany, new LocatorLimits(1, 9, 9)));
  }

  @Test
  void shouldKeepALeaseAcrossASnapshot() throws WireException {
    say(full(peer(1), 5, 1, put(1, part(1))));
    state = StateCodec.read(StateCodec.write(state), LocatorLimits.DEFAULT);
    for (int i = 0; i < LEASE_MS / 5_000 + 1; i++) {
      timeMs += 5_000;
      say(full(peer(2), 5, i + 1));
    }
    assertTrue(state.peers().containsKey(peer(2).id()));
    assertEquals(null, coverage(1, 1), "its lease ended after the snapshot");
  }
}
