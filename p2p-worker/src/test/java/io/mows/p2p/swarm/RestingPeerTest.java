// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer that keeps a part of a file and does not want the rest reads nothing from the origin. */
final class RestingPeerTest {
  private static final long SELF = 1;
  private static final long PEER = 2;
  private static final long FILE = 77;
  private static final int PIECES = 256;
  private static final long TICK_NS = 50_000_000L;
  private static final SwarmMember FETCHING = new SwarmMember(PEER, Role.GROUP, false, true);
  private static final SwarmMember RESTING = new SwarmMember(PEER, Role.GROUP, false, true, false);

  private final RecordingActions actions = new RecordingActions();
  private final SwarmNode node = new SwarmNode(SELF, new SwarmSettings.Builder().build(), actions);
  private final PieceTable plan =
      new PieceTable(new FileLayout(PIECES * 10L, PIECES * 10L, 10), Backoff.DEFAULT);
  private final List<Integer> reads = new ArrayList<>();
  private long nowNs = 5_000_000_000L;

  private void fetchBeside(SwarmMember peer) {
    plan.wants().readAhead(Long.MAX_VALUE);
    node.fetchFile(FILE, 0, plan, PIECES, true, nowNs);
    SwarmMember self = new SwarmMember(SELF, Role.GROUP, false, false);
    node.members(FILE, List.of(self, peer), 2, nowNs);
    node.poll(nowNs);
    node.connected(PEER, Role.GROUP, true, false, nowNs);
    PieceBits none = new PieceBits(PIECES);
    node.received(PEER, new Bitfield(FILE, none, none, none, 0, false), nowNs);
  }

  /** With each tick all reads land but the last; returns how many there were at once, at most. */
  private int mostAtOnce(int ticks) {
    int most = 0;
    for (int i = 0; i < ticks; i++) {
      nowNs += TICK_NS;
      node.poll(nowNs);
      reads.addAll(actions.originReads);
      actions.originReads.clear();
      most = Math.max(most, reads.size());
      while (reads.size() > (plan.wants().backlog() == 0 ? 0 : 1)) {
        node.originLanded(FILE, reads.remove(0));
      }
      node.confirmed(FILE, plan.beginValidation());
    }
    return most;
  }

  @Test
  void shouldOwnNoPieces() {
    fetchBeside(RESTING);
    int most = mostAtOnce(60);
    assertTrue(most > 10, "as many reads at once as without it, not " + most);
    assertTrue(plan.has(0) && plan.has(PIECES - 1), "all has been read");
  }

  @Test
  void shouldOwnPiecesWhileItFetches() {
    fetchBeside(FETCHING);
    assertTrue(mostAtOnce(10) < 8, "the other half is the peer's");
  }

  /** The locator's word may be older. */
  @Test
  void shouldOwnPiecesAsSoonAsItSaysThatSomethingComes() {
    fetchBeside(RESTING);
    node.received(PEER, new BitfieldDelta(FILE, new int[0], new int[] {200}, new int[0], 0), nowNs);
    node.members(FILE, List.of(RESTING), 2, nowNs);
    assertTrue(mostAtOnce(10) < 8, "the other half is the peer's");
  }
}
