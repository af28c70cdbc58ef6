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
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The own group before the warm-up group, whoever offers first. */
final class GroupFirstTest {
  private static final long SELF = 1;
  private static final long GROUP_PEER = 2;
  private static final long WARMUP_PEER = 3;
  private static final long NEWCOMER = 4;
  private static final long FILE = 77;
  private static final long OTHER_FILE = 78;
  private static final int PIECES = 16;
  private static final long SECOND_NS = 1_000_000_000L;

  private final RecordingActions recorder = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), recorder);
  private long nowNs = 5 * SECOND_NS;

  private PieceTable fetch(long fileId) {
    PieceTable plan =
        new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
    plan.wants().readAhead(Long.MAX_VALUE);
    node.fetchFile(fileId, 0, plan, PIECES, true, nowNs);
    return plan;
  }

  private void members(long fileId, SwarmMember... members) {
    node.members(fileId, List.of(members), 2, nowNs);
    poll();
  }

  private static SwarmMember group(long peerId, boolean complete) {
    return new SwarmMember(peerId, Role.GROUP, complete, !complete);
  }

  private static SwarmMember fetching(long peerId) {
    return new SwarmMember(peerId, Role.GROUP, false, false);
  }

  private static SwarmMember warmup() {
    return new SwarmMember(WARMUP_PEER, Role.WARMUP, true, false);
  }

  private void connect(long peer, Role role) {
    node.connected(peer, role, false, true, nowNs);
  }

  private void tellAll(long fileId, long peer) {
    PieceBits all = new PieceBits(PIECES);
    all.setAll();
    PieceBits none = new PieceBits(PIECES);
    node.received(peer, new Bitfield(fileId, all, none, none, 3, false), nowNs);
  }

  private void fetchFromTwoWhoSayThatTheyHaveAll() {
    fetch(FILE);
    connect(WARMUP_PEER, Role.WARMUP);
    connect(GROUP_PEER, Role.GROUP);
    tellAll(FILE, WARMUP_PEER);
    tellAll(FILE, GROUP_PEER);
  }

  private void offer(long peer, int piece) {
    node.received(peer, new Offer(FILE, piece), nowNs);
  }

  private boolean takesFromWarmUp() {
    return recorder.downloads.stream().anyMatch(download -> download.startsWith("3:"));
  }

  private void poll() {
    node.poll(nowNs);
  }

  private void after(long ns) {
    nowNs += ns;
    poll();
  }

  @Test
  void shouldLeaveTheWarmUpGroupAloneWhereTheGroupHasAHolderForEachTaker() {
    fetchFromTwoWhoSayThatTheyHaveAll();
    members(FILE, fetching(SELF), group(GROUP_PEER, true), warmup());
    offer(WARMUP_PEER, 3);
    offer(GROUP_PEER, 4);
    assertTrue(recorder.downloads.contains("2:4"));
    assertEquals(List.of("3:3 UNWANTED"), recorder.refusals());
    after(SECOND_NS / 10);
    assertFalse(takesFromWarmUp(), "nor asked");
  }

  @Test
  void shouldBelieveThePeerThatItHasAllBeforeTheLocatorKnows() {
    fetchFromTwoWhoSayThatTheyHaveAll();
    members(FILE, fetching(SELF), group(GROUP_PEER, false), warmup());
    offer(WARMUP_PEER, 3);
    assertEquals(List.of("3:3 UNWANTED"), recorder.refusals());
  }

  @Test
  void shouldWaitForAPeerOfTheGroupThatHasNotSaidWhatItHas() {
    fetch(FILE);
    connect(WARMUP_PEER, Role.WARMUP);
    tellAll(FILE, WARMUP_PEER);
    members(FILE, fetching(SELF), group(GROUP_PEER, false), warmup());
    offer(WARMUP_PEER, 3);
    assertEquals(List.of("3:3 UNWANTED"), recorder.refusals());
    assertFalse(takesFromWarmUp());
    after(3 * SECOND_NS);
    offer(WARMUP_PEER, 3);
    assertTrue(takesFromWarmUp(), "but not for ever");
  }

  @Test
  void shouldTakeFromTheWarmUpGroupWhereTheGroupHasTooFewHolders() {
    fetchFromTwoWhoSayThatTheyHaveAll();
    members(FILE, fetching(SELF), group(GROUP_PEER, true), fetching(NEWCOMER), warmup());
    node.disconnected(NEWCOMER, SwarmNode.Cause.REFUSED, nowNs);
    offer(WARMUP_PEER, 3);
    assertTrue(recorder.downloads.contains("3:3"));
  }

  @Test
  void shouldTellTheWarmUpWorkerWhenTheGroupDoesNotSufficeAnyMore() {
    fetchFromTwoWhoSayThatTheyHaveAll();
    members(FILE, fetching(SELF), group(GROUP_PEER, true), warmup());
    offer(WARMUP_PEER, 3);
    int before = recorder.maps().size();
    node.disconnected(GROUP_PEER, SwarmNode.Cause.LOST, nowNs);
    after(SECOND_NS / 10);
    assertEquals(before + 1, recorder.maps().size(), "who was refused hears that it may offer");
    offer(WARMUP_PEER, 3);
    assertEquals("3:3", recorder.downloads.get(recorder.downloads.size() - 1));
  }

  /** Its pieces come after those of the file before: nobody has failed. */
  @Test
  void shouldNotLookForTheWarmUpGroupBecauseAFileIsBehindOthers() {
    connect(GROUP_PEER, Role.GROUP);
    fetch(FILE);
    fetch(OTHER_FILE);
    members(FILE, fetching(SELF), group(GROUP_PEER, true), warmup());
    members(OTHER_FILE, fetching(SELF), group(GROUP_PEER, true), warmup());
    tellAll(FILE, GROUP_PEER);
    for (int piece = 0; piece < PIECES; piece++) {
      offer(GROUP_PEER, piece);
      after(SECOND_NS / 2);
      node.downloadEnded(GROUP_PEER, FILE, piece, Outcome.OK, 10, nowNs);
      members(OTHER_FILE, fetching(SELF), group(GROUP_PEER, true), warmup());
    }
    assertEquals(List.of(), recorder.connects);
  }

  /** Hours may lie between two reads of a file that has stayed open. */
  @Test
  void shouldNotTakeARestForAStandstill() {
    long[] peers = {SELF, GROUP_PEER, NEWCOMER};
    Ownership ownership = new Ownership(0, FILE, SELF, PIECES, peers.length, 1);
    ownership.update(peers);
    int others =
        IntStream.range(0, PIECES)
            .filter(p -> !ownership.isMine(p) && !ownership.isDeputy(p))
            .findFirst()
            .getAsInt();
    PieceTable plan =
        new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    members(FILE, fetching(SELF), group(GROUP_PEER, false), group(NEWCOMER, false));
    node.disconnected(GROUP_PEER, SwarmNode.Cause.REFUSED, nowNs);
    node.disconnected(NEWCOMER, SwarmNode.Cause.REFUSED, nowNs);
    IntStream.range(0, 100).forEach(i -> after(SECOND_NS / 4));
    plan.wants().demand(others);
    after(SECOND_NS / 4);
    assertEquals(List.of(), recorder.originReads, "it is somebody else's to read");
    IntStream.range(0, 40).forEach(i -> after(SECOND_NS / 4));
    assertEquals(List.of(others), recorder.originReads, "but the reader gets it in the end");
  }
}
