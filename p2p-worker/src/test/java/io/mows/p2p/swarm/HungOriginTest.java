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
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads of the origin that bring nothing: ours, of what a peer has got meanwhile, and a peer's. */
final class HungOriginTest {
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long FILE = 77;
  private static final int PIECES = 16;
  private static final int PIECE = 3;
  private static final long MS = 1_000_000L;
  private static final long TICK_MS = 50;

  private final RecordingActions actions = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), actions);
  private final PieceTable plan =
      new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
  private long nowNs = 5_000 * MS;

  private void pass(long ms) {
    for (long t = 0; t < ms; t += TICK_MS) {
      nowNs += TICK_MS * MS;
      node.poll(nowNs);
    }
  }

  /** A reader waits, the origin is asked, and then somebody comes who has the piece. */
  private void readWhatAPeerGets() {
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    node.members(FILE, List.of(new SwarmMember(SELF, Role.GROUP, false, false)), 2, nowNs);
    plan.wants().demand(PIECE);
    pass(500);
    assertTrue(actions.originReads.contains(PIECE), actions.originReads.toString());
    comes(bits(PIECE), bits());
  }

  private static PieceBits bits(int... pieces) {
    PieceBits bits = new PieceBits(PIECES);
    for (int piece : pieces) {
      bits.set(piece);
    }
    return bits;
  }

  /** The peer connects, and tells what it has and is getting. */
  private void comes(PieceBits has, PieceBits arriving) {
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    node.received(PEER, new Bitfield(FILE, has, arriving, bits(), 0, false), nowNs);
  }

  private long asked() {
    return actions.downloads.stream().filter((PEER + ":" + PIECE)::equals).count();
  }

  @Test
  void shouldAskThePeerForWhatAReaderWaitsForInVain() {
    readWhatAPeerGets();
    pass(1_000);
    assertEquals(List.of(), actions.originCancels, "it may yet come");
    assertEquals(0, asked());
    pass(1_500);
    assertEquals(List.of(PIECE), actions.originCancels);
    assertEquals(1, asked());
    node.downloadEnded(PEER, FILE, PIECE, SwarmNode.Outcome.OK, 10, nowNs);
    assertTrue(plan.has(PIECE));
  }

  @Test
  void shouldGoOnReadingWhatNobodyWaitsFor() {
    readWhatAPeerGets();
    plan.wants().undemand(PIECE);
    pass(3_000);
    assertEquals(List.of(), actions.originCancels);
    assertTrue(node.originLanded(FILE, PIECE));
  }

  @Test
  void shouldReadAgainWhatThePeerDoesNotGive() {
    readWhatAPeerGets();
    pass(2_500);
    node.received(
        PEER, new SwarmMessage.Reject(FILE, PIECE, SwarmMessage.Reject.Reason.MISSING), nowNs);
    actions.originReads.clear();
    pass(500);
    assertTrue(actions.originReads.contains(PIECE), actions.originReads.toString());
  }

  /** A peer says that it is getting some pieces, and goes on saying so. */
  private void fetchWhatAPeerIsGetting(int... pieces) {
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    node.members(
        FILE,
        List.of(
            new SwarmMember(SELF, Role.GROUP, false, false),
            new SwarmMember(PEER, Role.GROUP, false, false)),
        2,
        nowNs);
    comes(bits(), bits(pieces));
  }

  @Test
  void shouldReadWhatAPeerSaysForEverThatItIsGetting() {
    fetchWhatAPeerIsGetting(PIECE);
    plan.wants().demand(PIECE);
    pass(9_000);
    assertEquals(List.of(), actions.originReads, "it may yet come");
    pass(12_000);
    assertEquals(List.of(PIECE), actions.originReads);
  }

  @Test
  void shouldReadWhatHoldsUpAFileWithoutAReader() {
    fetchWhatAPeerIsGetting(PIECE, PIECE + 1);
    plan.wants().setLoaded(PIECE, true);
    plan.wants().setLoaded(PIECE + 1, true);
    pass(9_000);
    assertEquals(List.of(), actions.originReads, "it may yet come");
    pass(12_000);
    assertEquals(List.of(PIECE), actions.originReads);
    node.originLanded(FILE, PIECE);
    pass(21_000);
    assertEquals(List.of(PIECE, PIECE + 1), actions.originReads);
  }
}
