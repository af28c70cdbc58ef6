// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mows.p2p.locator.PeerLoad;
import org.junit.jupiter.api.Test;

final class PeerTableTest {
  private static PeerState state(int n, long session, long capacityBytes) {
    PeerLoad load = new PeerLoad(n, 0, 0, capacityBytes);
    return new PeerState(peer(n), session, 1, 1, load, PersistentMap.empty());
  }

  private static PeerTable table(PeerState... peers) {
    PeerTable table = PeerTable.EMPTY;
    for (PeerState peer : peers) {
      table = table.with(peer);
    }
    return table;
  }

  @Test
  void shouldHaveOneNumberForTheSamePeers() {
    PeerTable table = table(state(1, 1, 10), state(2, 1, 10));
    assertEquals(table.fingerprint(), table(state(2, 1, 10), state(1, 1, 10)).fingerprint());
    assertEquals(
        table.fingerprint(),
        table.with(state(3, 1, 10)).without("none").without(peer(3).id()).fingerprint());
    assertEquals(0, table.without(peer(1).id()).without(peer(2).id()).fingerprint());
  }

  @Test
  void shouldHaveAnotherNumberWhenAPeerComesGoesOrIsAnother() {
    PeerTable table = table(state(1, 1, 10), state(2, 1, 10));
    assertNotEquals(table.fingerprint(), table.with(state(3, 1, 10)).fingerprint());
    assertNotEquals(table.fingerprint(), table.without(peer(2).id()).fingerprint());
    assertNotEquals(table.fingerprint(), table.with(state(2, 2, 10)).fingerprint(), "started anew");
    assertNotEquals(table.fingerprint(), table.with(state(2, 1, 11)).fingerprint(), "its memory");
  }

  @Test
  void shouldHaveTheSameNumberWhenALeaseIsRenewed() {
    PeerTable table = table(state(1, 1, 10), state(2, 1, 10));
    PeerState renewed = table.get(peer(2).id()).renewed(7, 8, new PeerLoad(5, 6, 7, 10));
    assertEquals(table.fingerprint(), table.with(renewed).fingerprint());
    assertEquals(7, table.with(renewed).get(peer(2).id()).seq());
  }
}
