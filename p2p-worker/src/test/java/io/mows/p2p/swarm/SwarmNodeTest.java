// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.SwarmNode.Outcome;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Request;
import io.mows.p2p.swarm.origin.CountedSchedule;
import io.mows.p2p.swarm.origin.OriginStart;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SwarmNodeTest {
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long OTHER = 3;
  private static final long FILE = 77;
  private static final int PIECES = 64;
  private static final long SECOND_NS = 1_000_000_000L;

  private final RecordingActions recorder = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), recorder);
  private long nowNs = 5 * SECOND_NS;

  private static PieceTable plan() {
    PieceTable plan =
        new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
    plan.wants().readAhead(Long.MAX_VALUE);
    return plan;
  }

  private PieceTable fetch() {
    PieceTable plan = plan();
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    return plan;
  }

  private void serve() {
    BitSet all = new BitSet();
    all.set(0, PIECES);
    node.serveFile(FILE, 0, PIECES, all, nowNs);
  }

  private static SwarmMember member(long id, boolean complete) {
    return new SwarmMember(id, Role.GROUP, complete, false);
  }

  private void connect(long peer, int... have) {
    node.connected(peer, Role.GROUP, true, false, nowNs);
    tell(peer, have);
  }

  private void tell(long peer, int... have) {
    tell(peer, false, have);
  }

  private void tell(long peer, boolean asking, int... have) {
    PieceBits bits = new PieceBits(PIECES);
    IntStream.of(have).forEach(bits::set);
    PieceBits none = new PieceBits(PIECES);
    node.received(peer, new Bitfield(FILE, bits, none, none, 3, asking), nowNs);
  }

  private void poll() {
    node.poll(nowNs);
  }

  private void after(long ns) {
    nowNs += ns;
    poll();
  }

  @Test
  void shouldStartTheSameReadsAsTheScheduleIfNobodyElseCanHaveTheFile() {
    PieceTable mine = plan();
    PieceTable same = plan();
    mine.wants().demand(40);
    same.wants().demand(40);
    node.fetchFile(FILE, 0, mine, PIECES, false, nowNs);
    CountedSchedule schedule = new CountedSchedule(16, 4);
    schedule.add(same);
    List<Integer> expected = new ArrayList<>();
    poll();
    drain(schedule, expected);
    node.originLanded(FILE, 40);
    schedule.landed(same, 40);
    node.confirmed(FILE, mine.beginValidation());
    same.validated(same.beginValidation());
    poll();
    drain(schedule, expected);
    assertEquals(expected, recorder.originReads);
    assertEquals(5, expected.size(), "the first byte alone, then the first few reads");
  }

  private void drain(CountedSchedule schedule, List<Integer> started) {
    Optional<OriginStart> next = schedule.next(nowNs);
    while (next.isPresent()) {
      started.add(next.get().piece());
      next = schedule.next(nowNs);
    }
  }

  /** What was said when the connection was made came too early: the peer did not know the file. */
  @Test
  void shouldTellItsPiecesToAPeerThatOpensTheFileJustAfterConnecting() {
    serve();
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    after(1_000_000);
    tell(PEER, true);
    assertEquals(2, recorder.maps().size());
    tell(PEER);
    assertEquals(2, recorder.maps().size(), "nobody repeats himself");
  }

  @Test
  void shouldAskForThePiecesOfAPeerUntilItHasHeardThem() {
    serve();
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    assertTrue(recorder.maps().get(0).isAsking());
    tell(PEER, true);
    assertFalse(recorder.maps().get(1).isAsking(), "or both would go on for ever");
  }

  @Test
  void shouldNotTouchTheOriginBeforeTheLocatorHasAnsweredOrHadItsTime() {
    fetch();
    after(SECOND_NS / 2);
    assertEquals(List.of(), recorder.originReads);
    after(SECOND_NS);
    assertFalse(recorder.originReads.isEmpty());
  }

  /** Others are given 50 ms to tell what they have, this one two seconds. */
  private void fetchWhatAPeerHasAPartOf() {
    fetch();
    SwarmMember keeper = new SwarmMember(PEER, Role.GROUP, false, true);
    node.members(FILE, List.of(member(SELF, false), keeper), 2, nowNs);
    poll();
  }

  @Test
  void shouldNotTouchTheOriginWhileItDialsAPeerThatKeepsAPart() {
    fetchWhatAPeerHasAPartOf();
    assertEquals(List.of(PEER), recorder.connects);
    after(SECOND_NS / 4);
    assertEquals(List.of(), recorder.originReads, "the peer may have what is wanted");
    node.connected(PEER, Role.GROUP, false, false, nowNs);
    after(SECOND_NS / 4);
    assertEquals(List.of(), recorder.originReads, "it has not told yet");
    tell(PEER, false);
    poll();
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldNotWaitLongForAPeerThatDoesNotAnswer() {
    fetchWhatAPeerHasAPartOf();
    after(2 * SECOND_NS);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldNotWaitForAPeerThatCannotBeReached() {
    fetchWhatAPeerHasAPartOf();
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    after(SECOND_NS / 10);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldReadOnlyItsOwnPiecesWhileTheOtherOwnersLive() {
    fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, false)), 2, nowNs);
    poll();
    assertEquals(List.of(PEER), recorder.connects);
    connect(PEER);
    after(SECOND_NS / 10);
    Ownership ownership = new Ownership(0, FILE, SELF, PIECES, 4, 1);
    ownership.update(new long[] {SELF, PEER});
    assertFalse(recorder.originReads.isEmpty());
    for (int piece : recorder.originReads) {
      assertTrue(ownership.isMine(piece), "piece " + piece);
    }
    assertTrue(recorder.originReads.size() <= 3, "a few at a time: " + recorder.originReads);
  }

  @Test
  void shouldReadMoreOfItsPiecesAtOnceWhereTheOriginLimitsEachConnection() {
    fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, false)), 2, nowNs);
    connect(PEER);
    after(SECOND_NS / 10);
    int few = recorder.originReads.size();
    recorder.originWidth = 8;
    poll();
    assertEquals(8, recorder.originReads.size());
    recorder.originWidth = 0;
    recorder.originReads.subList(few, 8).forEach(piece -> node.originLanded(FILE, piece));
    poll();
    assertEquals(8, recorder.originReads.size(), "it brings nothing any more");
  }

  @Test
  void shouldTakeOverThePiecesOfAnOwnerWhoIsLost() {
    PieceTable plan = fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, false)), 2, nowNs);
    connect(PEER);
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    for (int i = 0; i < 200; i++) {
      after(SECOND_NS / 10);
      for (int piece : List.copyOf(recorder.originReads)) {
        if (node.originLanded(FILE, piece)) {
          node.confirmed(FILE, plan.beginValidation());
        }
      }
    }
    assertEquals(PIECES, recorder.originReads.size());
  }

  @Test
  void shouldNotReadFromTheOriginWhatAPeerHas() {
    fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, true)), 2, nowNs);
    poll();
    assertTrue(recorder.connects.contains(PEER));
    connect(PEER, IntStream.range(0, PIECES).toArray());
    after(SECOND_NS);
    assertEquals(List.of(), recorder.originReads);
    assertFalse(recorder.downloads.isEmpty());
  }

  @Test
  void shouldListenToItsNeighboursBeforeItReadsTheOriginWithoutTheLocator() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    fetch();
    node.members(FILE, List.of(), SwarmNode.NO_ANSWER, nowNs);
    after(SECOND_NS / 4);
    assertEquals(List.of(), recorder.originReads, "a busy neighbour takes its time to answer");
    tell(PEER, IntStream.range(0, PIECES).toArray());
    after(SECOND_NS);
    assertEquals(List.of(), recorder.originReads);
  }

  /** It knows all of us; that two have just begun with a file it has not heard yet. */
  @Test
  void shouldNotTakeTheLocatorThatNamesNobodyYetForOneThatIsAway() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    fetch();
    node.members(FILE, List.of(), 2, nowNs);
    after(SECOND_NS / 10);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldNotTrustALocatorThatKnowsFewerWorkersThanAreConnected() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    node.connected(OTHER, Role.GROUP, true, false, nowNs);
    fetch();
    node.members(FILE, List.of(), 2, nowNs);
    after(SECOND_NS / 4);
    assertEquals(List.of(), recorder.originReads);
  }

  @Test
  void shouldNotWaitLongerThanUntilAllNeighboursHaveSpoken() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    fetch();
    node.members(FILE, List.of(), SwarmNode.NO_ANSWER, nowNs);
    after(SECOND_NS / 10);
    assertEquals(List.of(), recorder.originReads);
    tell(PEER);
    poll();
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldNotWaitForNeighboursAnyMoreWhenTheLocatorAnswersAfterAll() {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    fetch();
    node.members(FILE, List.of(), SwarmNode.NO_ANSWER, nowNs);
    after(SECOND_NS / 20);
    node.members(FILE, List.of(member(SELF, false)), 2, nowNs);
    poll();
    assertEquals(List.of(), recorder.originReads, "those that it has named are heard");
    after(SECOND_NS / 10);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldGoToTheOriginWhenThePeerThatHadAllIsDead() {
    fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, true)), 2, nowNs);
    poll();
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    after(SECOND_NS);
    assertFalse(recorder.originReads.isEmpty());
  }

  @Test
  void shouldAcceptAnOfferItNeedsAndRefuseTheSamePieceFromAnotherPeer() {
    fetch();
    connect(PEER, 5);
    connect(OTHER, 5);
    node.received(PEER, new Offer(FILE, 5), nowNs);
    node.received(OTHER, new Offer(FILE, 5), nowNs);
    assertEquals(List.of("2:5"), recorder.downloads);
    assertEquals(List.of("3:5 HAVE"), recorder.refusals());
  }

  /** What is asked for is not there before it comes, but the peer is not to think it unwanted. */
  @Test
  void shouldNotDeclineWhatItHasJustAskedFor() {
    fetch();
    connect(PEER, 5);
    poll();
    assertEquals(List.of("2:5"), recorder.downloads);
    node.received(PEER, new Offer(FILE, 5), nowNs);
    assertEquals(List.of("2:5 HAVE"), recorder.refusals());
  }

  @Test
  void shouldOfferTheRarestPieceToWhoLacksIt() {
    serve();
    int[] allButTwo = IntStream.range(0, PIECES).filter(p -> p != 7 && p != 9).toArray();
    int[] allButOne = IntStream.range(0, PIECES).filter(p -> p != 9).toArray();
    connect(PEER, allButTwo);
    connect(OTHER, allButOne);
    poll();
    assertEquals(9, recorder.offers().get(0).piece());
  }

  @Test
  void shouldHoldItsUploadSlots() {
    serve();
    for (long peer = 10; peer < 30; peer++) {
      connect(peer);
      for (int piece = 0; piece < 4; piece++) {
        node.received(peer, new Request(FILE, piece, true), nowNs);
      }
    }
    poll();
    assertEquals(3, recorder.uploads.size());
    assertEquals(3, node.load().uploads());
    assertTrue(node.load().deferredRequests() <= 16);
    node.uploadEnded(10, FILE, 0, true);
    poll();
    assertTrue(node.load().uploads() + recorder.offers().size() <= 3);
  }

  @Test
  void shouldNotServeWhatItDoesNotHave() {
    fetch();
    connect(PEER);
    node.received(PEER, new Request(FILE, 3, true), nowNs);
    node.received(PEER, new Request(FILE, PIECES, true), nowNs);
    node.received(PEER, new Request(FILE + 1, 3, true), nowNs);
    assertEquals(List.of(), recorder.uploads);
    assertEquals(3, recorder.refusals().size());
  }

  @Test
  void shouldReadTheOriginWhenAPeerIsInQuarantineForTheSecondTime() {
    fetch();
    node.members(FILE, List.of(member(SELF, false), member(PEER, true)), 2, nowNs);
    connect(PEER, IntStream.range(0, PIECES).toArray());
    for (int round = 0; round < 2; round++) {
      for (int piece = 1; piece <= 2; piece++) {
        node.received(PEER, new Offer(FILE, piece), nowNs);
        node.downloadEnded(PEER, FILE, piece, Outcome.CORRUPT, 10, nowNs);
      }
      if (round == 0) {
        nowNs += 61 * SECOND_NS;
        tell(PEER, IntStream.range(0, PIECES).toArray());
        recorder.originReads.clear();
      }
    }
    after(SECOND_NS / 10);
    after(SECOND_NS / 10);
    assertFalse(recorder.originReads.isEmpty(), "nobody else has anything");
  }

  @Test
  void shouldTakeNothingForAWhileFromAPeerThatNeverHasWhatItSays() {
    fetch();
    connect(PEER, 1, 2, 3);
    for (int i = 0; i < 16; i++) {
      tell(PEER, 1, 2, 3);
      node.received(PEER, new Reject(FILE, 1, Reject.Reason.MISSING), nowNs);
    }
    node.received(PEER, new Offer(FILE, 3), nowNs);
    assertEquals(List.of(), recorder.downloads);
    nowNs += 2 * SECOND_NS;
    node.received(PEER, new Offer(FILE, 3), nowNs);
    assertEquals(List.of("2:3"), recorder.downloads);
  }

  /** A file that is larger than the memory: it had the piece, and has dropped it. */
  @Test
  void shouldNotTakeAnHonestAnswerForWrongBytes() {
    fetch();
    connect(PEER, 1, 2, 3);
    for (int i = 0; i < 1_000; i++) {
      tell(PEER, 1, 2, 3);
      node.received(PEER, new Reject(FILE, 1 + i % 3, Reject.Reason.MISSING), nowNs);
      nowNs += SECOND_NS / 50;
    }
    assertEquals(List.of(), recorder.quarantined);
  }

  @Test
  void shouldTakeNothingFromAPeerInQuarantineUntilItsTimeIsOver() {
    fetch();
    connect(PEER, 1, 2, 3);
    for (int piece = 1; piece <= 2; piece++) {
      node.received(PEER, new Offer(FILE, piece), nowNs);
      assertFalse(node.downloadEnded(PEER, FILE, piece, Outcome.CORRUPT, 10, nowNs));
    }
    node.received(PEER, new Offer(FILE, 3), nowNs);
    assertEquals(List.of("2:1", "2:2"), recorder.downloads);
    nowNs += 61 * SECOND_NS;
    tell(PEER, 1, 2, 3);
    node.received(PEER, new Offer(FILE, 3), nowNs);
    assertTrue(recorder.downloads.contains("2:3"));
  }

  @Test
  void shouldAskAnotherPeerWhenTheFirstIsSlowAndCancelTheLoser() {
    fetch();
    connect(PEER, 5);
    node.received(PEER, new Offer(FILE, 5), nowNs);
    node.downloadBegun(PEER, FILE, 5, nowNs);
    connect(OTHER, 5);
    after(7 * SECOND_NS);
    assertEquals(List.of("2:5", "3:5"), recorder.downloads);
    assertTrue(node.downloadEnded(OTHER, FILE, 5, Outcome.OK, 10, nowNs));
    assertEquals(List.of("2:5"), recorder.cancels);
    assertFalse(node.downloadEnded(PEER, FILE, 5, Outcome.OK, 10, nowNs));
  }

  @Test
  void shouldAskForTheSamePieceAgainWhenAPeerIsLost() {
    fetch();
    connect(PEER, 5);
    connect(OTHER, 5);
    node.received(PEER, new Offer(FILE, 5), nowNs);
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    node.received(OTHER, new Offer(FILE, 5), nowNs);
    assertEquals(List.of("2:5", "3:5"), recorder.downloads);
  }

  @Test
  void shouldKeepTheNumberOfNeighboursBounded() {
    serve();
    for (long peer = 10; peer < 1_000; peer++) {
      node.connected(peer, Role.GROUP, true, peer % 2 == 0, nowNs);
    }
    assertTrue(node.load().neighbours() <= 48, "neighbours: " + node.load().neighbours());
    assertEquals(990 - node.load().neighbours(), recorder.disconnects.size());
  }

  @Test
  void shouldIgnoreNonsense() {
    fetch();
    connect(PEER);
    int[] wrong = {-1, PIECES, Integer.MAX_VALUE};
    int[] none = {};
    node.received(PEER, new SwarmMessage.BitfieldDelta(FILE, wrong, none, none, 3), nowNs);
    node.received(PEER, new SwarmMessage.Rumour(FILE, none, wrong), nowNs);
    node.received(PEER, new Offer(FILE, -1), nowNs);
    node.received(PEER, new SwarmMessage.Cancel(FILE, PIECES), nowNs);
    node.received(OTHER, new Offer(FILE, 1), nowNs);
    PieceBits small = new PieceBits(3);
    node.received(PEER, new Bitfield(FILE, small, small, small, 1, true), nowNs);
    poll();
    assertEquals(List.of(), recorder.downloads);
  }
}
