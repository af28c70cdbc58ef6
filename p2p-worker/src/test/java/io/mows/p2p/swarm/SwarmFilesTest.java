// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files come and go, and readers who want single pieces. */
final class SwarmFilesTest {
  private static final int PIECES = 8;
  private static final long FILE = 7;
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long SECOND_NS = 1_000_000_000L;

  private final RecordingActions recorder = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), recorder);
  private final PieceTable plan =
      new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
  private long nowNs = 5 * SECOND_NS;

  private void fetch() {
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
  }

  private void serve(int... pieces) {
    BitSet have = new BitSet();
    IntStream.of(pieces).forEach(have::set);
    node.serveFile(FILE, 0, PIECES, have, nowNs);
  }

  private void connect(int... have) {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    PieceBits bits = new PieceBits(PIECES);
    IntStream.of(have).forEach(bits::set);
    PieceBits none = new PieceBits(PIECES);
    node.received(PEER, new Bitfield(FILE, bits, none, none, 3, true), nowNs);
  }

  private int[] toldGone() {
    return recorder.sent(BitfieldDelta.class).stream()
        .flatMapToInt(message -> IntStream.of(message.gone()))
        .toArray();
  }

  @Test
  void shouldOfferOnlyWhatIsServed() {
    serve(3);
    connect();
    node.poll(nowNs);
    assertEquals(
        List.of(3), recorder.offers().stream().map(o -> o.piece()).collect(Collectors.toList()));
  }

  @Test
  void shouldGoOnServingWhatIsKeptAfterAFetch() {
    fetch();
    plan.wants().demand(2);
    connect(0, 1, 2, 3);
    node.poll(nowNs);
    assertEquals(List.of(PEER + ":2"), recorder.downloads);
    assertTrue(node.downloadEnded(PEER, FILE, 2, SwarmNode.Outcome.OK, 10, nowNs));
    plan.wants().undemand(2);
    BitSet kept = new BitSet();
    kept.set(2);
    node.endFetch(FILE, kept);
    node.poll(nowNs);
    assertTrue(node.knows(FILE));
    node.received(PEER, new SwarmMessage.Request(FILE, 2, false), nowNs);
    assertEquals(List.of(PEER + ":2"), recorder.uploads);
  }

  @Test
  void shouldTellWhatIsNotKeptAfterAFetch() {
    fetch();
    plan.wants().demand(2);
    connect(2);
    node.poll(nowNs);
    node.downloadEnded(PEER, FILE, 2, SwarmNode.Outcome.OK, 10, nowNs);
    node.poll(nowNs);
    node.endFetch(FILE, new BitSet());
    assertFalse(node.knows(FILE));
    assertTrue(Arrays.stream(toldGone()).anyMatch(piece -> piece == 2));
  }

  @Test
  void shouldFetchTheRestOfAFileThatIsServed() {
    serve(0, 1);
    plan.wants().readAhead(Long.MAX_VALUE);
    fetch();
    node.members(FILE, List.of(new SwarmMember(SELF, Role.GROUP, false, false)), 1, nowNs);
    node.poll(nowNs);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldForgetServedFilesThatNobodyLacks() {
    serve(0, 1, 2, 3, 4, 5, 6, 7);
    nowNs += 30 * SECOND_NS;
    connect(0);
    node.forgetIdle(20 * SECOND_NS, nowNs);
    assertTrue(node.knows(FILE), "a peer has just said that it lacks most of it");
    nowNs += 30 * SECOND_NS;
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    node.poll(nowNs);
    node.forgetIdle(20 * SECOND_NS, nowNs);
    assertFalse(node.knows(FILE));
  }

  @Test
  void shouldAskAtOnceForSinglePiecesThatReadersWant() {
    fetch();
    connect(0, 1, 2, 3, 4, 5, 6, 7);
    plan.wants().demand(6);
    node.poll(nowNs);
    assertEquals(List.of(PEER + ":6"), recorder.downloads);
  }

  /** What it says first may be all it says: nothing is left to fetch. */
  @Test
  void shouldTellWhatIsHereWhenItFetchesACompleteFile() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    plan.presentBlock(0);
    fetch();
    assertEquals(1, recorder.maps().size());
    assertTrue(recorder.maps().get(0).have().isFull());
  }

  @Test
  void shouldRefuseWhatIsOfferedOfAFileThatItDoesNotKnow() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    node.received(PEER, new SwarmMessage.Offer(FILE, 3), nowNs);
    assertEquals(List.of(PEER + ":3 UNWANTED"), recorder.refusals());
  }

  @Test
  void shouldOfferNothingMoreToWhoWantsNothingUntilThereIsNews() {
    serve(0, 1, 2, 3);
    connect();
    node.poll(nowNs);
    int offers = recorder.offers().size();
    assertTrue(offers > 0);
    for (SwarmMessage.Offer offer : recorder.offers()) {
      node.received(PEER, new Reject(FILE, offer.piece(), Reject.Reason.UNWANTED), nowNs);
    }
    node.poll(nowNs);
    assertEquals(offers, recorder.offers().size());
    int[] none = {};
    node.received(PEER, new BitfieldDelta(FILE, none, none, none, 3), nowNs);
    node.poll(nowNs);
    assertTrue(recorder.offers().size() > offers);
  }

  @Test
  void shouldSayWhenItWantsWhatItHasDeclined() {
    fetch();
    connect(0, 1, 2);
    node.received(PEER, new SwarmMessage.Offer(FILE, 1), nowNs);
    assertEquals(List.of(PEER + ":1 UNWANTED"), recorder.refusals());
    int told = recorder.maps().size();
    passTime();
    assertEquals(told, recorder.maps().size(), "it still wants nothing");
    plan.wants().readAhead(Long.MAX_VALUE);
    passTime();
    assertEquals(told + 1, recorder.maps().size());
    passTime();
    assertEquals(told + 1, recorder.maps().size(), "it is said once");
  }

  private void passTime() {
    node.poll(nowNs);
    nowNs += SECOND_NS / 10;
    node.poll(nowNs);
  }

  /** However often it is called while there is nothing to do, it does not fall asleep. */
  @Test
  void shouldBeAwakeSoonAfterALongRest() {
    serve(0);
    connect();
    for (int i = 0; i < 1_000; i++) {
      nowNs += SECOND_NS / 2;
      node.poll(nowNs);
    }
    node.removeFile(FILE);
    plan.wants().readAhead(Long.MAX_VALUE);
    fetch();
    long wakeNs = node.poll(nowNs).orElseThrow();
    assertTrue(wakeNs - nowNs < SECOND_NS / 10, () -> "in " + (wakeNs - nowNs) + " ns");
  }
}
