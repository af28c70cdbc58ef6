// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A peer that had a file from before is lost, in a swarm in which not all hear of all: what it had
 * and has not passed on is read from the origin at once, not only when nothing moves any more.
 */
final class LostSourceTest {
  private static final long SELF = 1;
  private static final long SOURCE = 2;
  private static final long FIRST_OTHER = 3;
  private static final int OTHERS = 20;
  private static final long FILE = 77;
  private static final int PIECES = 64;
  private static final long SETTLED_NS = 200_000_000L;
  private static final int[] NONE = new int[0];

  private final RecordingActions actions = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), actions);
  private final PieceTable plan =
      new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
  private final PieceBits none = new PieceBits(PIECES);
  private final PieceBits all = new PieceBits(PIECES);
  private long nowNs = 5_000_000_000L;

  /** By which this worker comes first. */
  private static long affinity() {
    for (long affinity = 0; ; affinity++) {
      boolean isFirst = true;
      for (long peer = FIRST_OTHER; peer < FIRST_OTHER + OTHERS; peer++) {
        long other = Rendezvous.weight(affinity, peer);
        isFirst &= Long.compareUnsigned(Rendezvous.weight(affinity, SELF), other) > 0;
      }
      if (isFirst) {
        return affinity;
      }
    }
  }

  @BeforeEach
  void fetchFromTheSource() {
    all.setAll();
    plan.wants().readAhead(Long.MAX_VALUE);
    node.fetchFile(FILE, affinity(), plan, PIECES, true, nowNs);
    List<SwarmMember> members = new ArrayList<>();
    members.add(new SwarmMember(SELF, Role.GROUP, false, false));
    members.add(new SwarmMember(SOURCE, Role.GROUP, true, false, false));
    for (long peer = FIRST_OTHER; peer < FIRST_OTHER + OTHERS; peer++) {
      members.add(new SwarmMember(peer, Role.GROUP, false, false));
    }
    node.members(FILE, members, members.size(), nowNs);
    node.poll(nowNs);
    comes(SOURCE, all, all);
    comes(FIRST_OTHER, none, all);
    nowNs += SETTLED_NS;
    node.poll(nowNs);
    assertEquals(List.of(), actions.originReads, "the source has all");
  }

  private void comes(long peer, PieceBits has, PieceBits hasSeen) {
    node.connected(peer, Role.GROUP, true, false, nowNs);
    node.received(peer, new Bitfield(FILE, has, none, hasSeen, 0, false), nowNs);
  }

  private void loseSource() {
    node.disconnected(SOURCE, Cause.LOST, nowNs);
    node.poll(nowNs);
  }

  @Test
  void shouldReadAtOnceWhatTheSourceHasNotPassedOn() {
    loseSource();
    assertFalse(actions.originReads.isEmpty(), "owned pieces are read");
  }

  /** Who was not connected with the source goes on saying that it has seen all. */
  @Test
  void shouldNotBelieveWhoMeetsItLaterThatItIsSeen() {
    loseSource();
    int first = actions.originReads.size();
    comes(FIRST_OTHER + 1, none, all);
    actions.originReads.forEach(piece -> node.originLanded(FILE, piece));
    node.confirmed(FILE, plan.beginValidation());
    node.poll(nowNs);
    assertTrue(actions.originReads.size() > first, "it goes on with what it owns");
  }

  /** It came from the source, so it will not come. */
  @Test
  void shouldReadWhatWasOnItsWayFromTheSource() {
    int[] every = new int[PIECES];
    for (int piece = 0; piece < PIECES; piece++) {
      every[piece] = piece;
    }
    node.received(FIRST_OTHER, new BitfieldDelta(FILE, NONE, every, NONE, 0), nowNs);
    loseSource();
    assertEquals(List.of(), actions.originReads, "it is on its way to another one");
    node.received(FIRST_OTHER, new BitfieldDelta(FILE, NONE, NONE, every, 0), nowNs);
    node.poll(nowNs);
    assertFalse(actions.originReads.isEmpty(), "it has not come");
  }
}
