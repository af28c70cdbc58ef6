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
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Request;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SilenceTest {
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long OTHER = 3;
  private static final long FILE = 77;
  private static final int PIECES = 16;
  private static final long MS = 1_000_000L;
  private static final long TICK_MS = 50;
  private static final int[] ALL = IntStream.range(0, PIECES).toArray();

  private final RecordingActions actions = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), actions);
  private long nowNs = 5_000 * MS;

  private void fetch(SwarmMember... members) {
    PieceTable plan =
        new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
    plan.wants().readAhead(Long.MAX_VALUE);
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    node.members(FILE, List.of(members), 2, nowNs);
  }

  private void connect(long peer, int... have) {
    node.connected(peer, Role.GROUP, true, false, nowNs);
    tell(peer, have);
  }

  private void tell(long peer, int... have) {
    PieceBits bits = new PieceBits(PIECES);
    IntStream.of(have).forEach(bits::set);
    PieceBits none = new PieceBits(PIECES);
    node.received(peer, new Bitfield(FILE, bits, none, none, 3, false), nowNs);
  }

  /** So much time passes; from {@code silent} nothing comes meanwhile. */
  private void pass(long ms, long... silent) {
    for (long t = 0; t < ms; t += TICK_MS) {
      nowNs += TICK_MS * MS;
      for (long peer : silent) {
        actions.silentNs.merge(peer, TICK_MS * MS, Long::sum);
      }
      node.poll(nowNs);
    }
  }

  private static SwarmMember member(long id, boolean complete) {
    return new SwarmMember(id, Role.GROUP, complete, false);
  }

  @Test
  void shouldReadFromTheOriginWhatOnlyASilentPeerHas() {
    fetch(member(PEER, true));
    connect(PEER, ALL);
    pass(1_400, PEER);
    assertEquals(List.of(), actions.originReads, "it may yet come");
    assertTrue(actions.pings.size() >= 3, actions.pings.toString());
    pass(300, PEER);
    assertEquals(1, node.load().silent());
    assertFalse(actions.originReads.isEmpty());
    assertEquals(0, node.load().downloads(), "nothing is expected from it");
  }

  @Test
  void shouldNotMindAPeerThatHasNothingToSayButAnswersAPing() {
    fetch(member(PEER, true));
    connect(PEER, ALL);
    for (int i = 0; i < 10; i++) {
      pass(400, PEER);
      actions.silentNs.clear();
    }
    assertEquals(0, node.load().silent());
    assertEquals(List.of(), actions.originReads);
  }

  @Test
  void shouldOfferWhatASilentPeerWasToGetToOthers() {
    BitSet have = new BitSet();
    have.set(0, PIECES);
    node.serveFile(FILE, 0, PIECES, have, nowNs);
    connect(PEER);
    pass(50);
    for (Offer offer : actions.offers()) {
      node.received(PEER, new Request(FILE, offer.piece(), false), nowNs);
    }
    int uploads = node.load().uploads();
    assertTrue(uploads > 0);
    pass(1_700, PEER);
    assertEquals(0, node.load().uploads(), "they hold no slot");
    // What is under way to it may still end.
    node.uploadEnded(PEER, FILE, actions.offers().get(0).piece(), true);
    connect(OTHER);
    actions.sent.clear();
    pass(50, PEER);
    assertFalse(actions.offers().isEmpty());
  }

  @Test
  void shouldPassOnWhatASilentPeerOwnsAndGiveItBack() {
    fetch(member(PEER, false), member(OTHER, false));
    connect(PEER);
    connect(OTHER);
    pass(1_000);
    int shared = actions.originReads.size();
    actions.originReads.forEach(piece -> node.originLanded(FILE, piece));
    pass(2_000, PEER, OTHER);
    assertTrue(actions.originReads.size() > shared, "now all are ours");

    actions.silentNs.clear();
    actions.sent.clear();
    pass(50);
    assertEquals(0, node.load().silent());
    List<Bitfield> maps = actions.maps();
    assertEquals(2, maps.size(), "both are told all, and asked");
    assertTrue(maps.stream().allMatch(Bitfield::isAsking));
  }

  @Test
  void shouldBlameNobodyForTheTimeInWhichItSleptItself() {
    fetch(member(PEER, true));
    connect(PEER, ALL);
    pass(100, PEER);
    actions.silentNs.put(PEER, 30_000 * MS);
    nowNs += 30_000 * MS;
    node.poll(nowNs);
    pass(1_400);
    assertEquals(0, node.load().silent());
    pass(200);
    assertEquals(1, node.load().silent(), "it has had its time");
  }

  @Test
  void shouldNotCountOnAPeerThatCannotBeReached() {
    fetch(member(PEER, true));
    pass(50);
    assertEquals(List.of(PEER), actions.connects);
    pass(1_400);
    assertEquals(List.of(), actions.originReads);
    pass(300);
    assertFalse(actions.originReads.isEmpty(), "it is still being dialled");
  }

  @Test
  void shouldPingNobodyWhileThereIsNothingToDo() {
    connect(PEER);
    pass(10_000, PEER);
    assertEquals(List.of(), actions.pings);
    assertEquals(0, node.load().silent());
  }
}
