// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.core.MemberLookups;
import io.mows.p2p.fetch.state.Peers;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MemberLookupsTest {
  private static final long SELF = 7;

  private final Peers peers = new Peers(true);
  private final MemberLookups lookups = new MemberLookups(SELF, peers, NoEffects.get());

  private static List<SwarmMember> members(Long... ids) {
    return Arrays.stream(ids)
        .map(id -> new SwarmMember(id, Role.GROUP, false, false, true))
        .collect(Collectors.toList());
  }

  /** Else a worker that fetches asks once a second for ever: the locator names it as well. */
  @Test
  void shouldNotMissAConnectionWithItself() {
    peers.add(1L, Role.GROUP);
    assertTrue(lookups.isConnectedToAll(members(1L, SELF)));
    assertFalse(lookups.isConnectedToAll(members(1L, 2L, SELF)));
    assertTrue(lookups.isConnectedToAll(members()));
  }
}
