// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.message.SwarmMessage.Rumour;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is said to neighbours, and what is not said because they know. */
final class GossipTest {
  private static final int PIECES = 8;
  private static final long FILE = 7;
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long OTHER = 3;
  private static final long STRANGER = 4;
  private static final long SECOND_NS = 1_000_000_000L;

  private final RecordingActions recorder = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), recorder);
  private long nowNs = 5 * SECOND_NS;

  private void serveAll() {
    BitSet have = new BitSet();
    have.set(0, PIECES);
    node.serveFile(FILE, 0, PIECES, have, nowNs);
  }

  private void fetch() {
    PieceTable plan =
        new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
  }

  private void connect(long peerId, boolean hasAll) {
    node.connected(peerId, Role.GROUP, true, false, nowNs);
    PieceBits have = new PieceBits(PIECES);
    if (hasAll) {
      have.setAll();
    }
    PieceBits none = new PieceBits(PIECES);
    node.received(peerId, new Bitfield(FILE, have, none, none, 3, false), nowNs);
  }

  private void members(long... peerIds) {
    List<SwarmMember> members =
        LongStream.of(peerIds)
            .mapToObj(peerId -> new SwarmMember(peerId, Role.GROUP, false, false))
            .collect(Collectors.toList());
    node.members(FILE, members, 2, nowNs);
  }

  /** {@link #PEER} reads a piece, and some time passes. */
  private void peerReads(int piece) {
    int[] none = {};
    node.received(PEER, new BitfieldDelta(FILE, none, new int[] {piece}, none, 3), nowNs);
    passTime(1);
  }

  private void passTime(int seconds) {
    node.poll(nowNs);
    for (int i = 0; i < seconds; i++) {
      nowNs += SECOND_NS;
      node.poll(nowNs);
    }
  }

  private long rumoursOf(int piece) {
    return recorder.sent(Rumour.class).stream()
        .filter(rumour -> rumour.seen().length == 1 && rumour.seen()[0] == piece)
        .count();
  }

  @Test
  void shouldRepeatItsMapToWhoLacksSomething() {
    serveAll();
    connect(PEER, false);
    int told = recorder.maps().size();
    passTime(60);
    assertTrue(recorder.maps().size() >= told + 5, () -> "told " + recorder.maps().size());
  }

  @Test
  void shouldNotRepeatMapsWhenBothHaveAll() {
    serveAll();
    connect(PEER, true);
    int told = recorder.maps().size();
    passTime(60);
    assertEquals(told, recorder.maps().size());
    node.lost(FILE, 3);
    passTime(60);
    assertTrue(recorder.maps().size() > told, "it lacks a piece again");
  }

  @Test
  void shouldPassOnWhatItSeesToWhoMayNotSeeIt() {
    fetch();
    members(SELF, PEER, OTHER, STRANGER);
    connect(PEER, false);
    connect(OTHER, false);
    peerReads(5);
    assertEquals(2, rumoursOf(5), "to both neighbours");
  }

  @Test
  void shouldNotPassOnWhatAllAreTold() {
    fetch();
    members(SELF, PEER, OTHER);
    connect(PEER, false);
    connect(OTHER, false);
    peerReads(5);
    assertEquals(0, rumoursOf(5));
    members(SELF, PEER, OTHER, STRANGER);
    peerReads(6);
    assertEquals(2, rumoursOf(6), "somebody came");
  }

  @Test
  void shouldPassOnWhatItSeesWhileItDoesNotKnowWhoTakesPart() {
    fetch();
    members();
    connect(PEER, false);
    connect(OTHER, false);
    peerReads(5);
    assertEquals(2, rumoursOf(5));
  }
}
