// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** How many pieces are under way where there is more than one connection with a peer. */
final class LanesTest {
  private static final int PIECES = 64;
  private static final long FILE = 7;
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long OTHER = 3;

  private final RecordingActions recorder = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), recorder);
  private long nowNs = 5_000_000_000L;

  private void serveAll() {
    BitSet have = new BitSet();
    have.set(0, PIECES);
    node.serveFile(FILE, 0, PIECES, have, nowNs);
  }

  private void fetch() {
    FileLayout layout = new FileLayout(PIECES * 10L, PIECES * 10L, 10);
    PieceTable plan = new PieceTable(layout, Backoff.DEFAULT);
    plan.wants().loadBlock(0);
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
  }

  private void connect(long peerId, boolean hasAll) {
    node.connected(peerId, Role.GROUP, true, false, nowNs);
    PieceBits have = new PieceBits(PIECES);
    if (hasAll) {
      have.setAll();
    }
    PieceBits none = new PieceBits(PIECES);
    node.received(peerId, new Bitfield(FILE, have, none, none, 100, false), nowNs);
    node.poll(nowNs);
  }

  private int offers(long peerId) {
    node.poll(nowNs);
    int count = 0;
    for (int i = 0; i < recorder.sent.size(); i++) {
      boolean isOffer = recorder.sent.get(i) instanceof Offer;
      count += isOffer && recorder.sentTo.get(i) == peerId ? 1 : 0;
    }
    return count;
  }

  @Test
  void shouldOfferOneMoreThanThereAreConnections() {
    serveAll();
    connect(PEER, false);
    assertEquals(2, offers(PEER), "as ever with one");
    node.lanes(PEER, 8);
    assertEquals(9, offers(PEER));
  }

  @Test
  void shouldNotGiveToOthersWhatFitsBesideAnotherOne() {
    serveAll();
    connect(PEER, false);
    node.lanes(PEER, 8);
    offers(PEER);
    connect(OTHER, false);
    assertEquals(1, offers(OTHER), "the slot that is left of three");
    node.lanes(PEER, 1);
    assertEquals(1, offers(OTHER));
  }

  @Test
  void shouldTakeAsManyMoreAsThereAreMoreConnections() {
    fetch();
    connect(PEER, true);
    node.lanes(PEER, 4);
    recorder.downloads.clear(); // what was asked for at once may be refused, and does not count
    for (int piece = 0; piece < 20; piece++) {
      node.received(PEER, new Offer(FILE, piece), nowNs);
    }
    assertEquals(6, recorder.downloads.size(), "three as ever, and three more");
  }

  @Test
  void shouldHaveNoMoreSlotsThanBeforeWhenThePeerIsGone() {
    fetch();
    connect(PEER, true);
    node.lanes(PEER, 8);
    node.disconnected(PEER, SwarmNode.Cause.LOST, nowNs);
    connect(OTHER, true);
    recorder.downloads.clear();
    for (int piece = 0; piece < 20; piece++) {
      node.received(OTHER, new Offer(FILE, piece), nowNs);
    }
    assertEquals(3, recorder.downloads.size());
  }
}
