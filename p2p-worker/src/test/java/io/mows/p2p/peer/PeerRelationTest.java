// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PeerRelationTest {
  private static final PeerInfo CHAT = peer("chat", PeerRole.INSTANCE);
  private static final PeerInfo CACHEROOT = peer("cacheroot", PeerRole.WARMUP);

  private static PeerInfo peer(String group, PeerRole role) {
    return new PeerInfo("me", "me:29991", group, role);
  }

  @Test
  void shouldAskTheOwnGroupThenWarmupWorkersOfAnyGroup() {
    assertEquals(Optional.of(Role.GROUP), PeerRelation.of(CHAT, "chat", PeerRole.INSTANCE));
    assertEquals(Optional.of(Role.WARMUP), PeerRelation.of(CHAT, "chat", PeerRole.WARMUP));
    assertEquals(Optional.of(Role.WARMUP), PeerRelation.of(CHAT, "any", PeerRole.WARMUP));
    assertEquals(Optional.empty(), PeerRelation.of(CHAT, "search", PeerRole.INSTANCE));
  }

  @Test
  void shouldTakeWarmupWorkersForOneGroup() {
    assertEquals(Optional.of(Role.GROUP), PeerRelation.of(CACHEROOT, "any", PeerRole.WARMUP));
    assertEquals(Optional.empty(), PeerRelation.of(CACHEROOT, "cacheroot", PeerRole.INSTANCE));
  }

  @Test
  void shouldAskWhoIsConnectedAnywayLast() {
    assertEquals(Role.WARMUP, PeerRelation.ofConnected(CACHEROOT, "chat", PeerRole.INSTANCE));
    assertEquals(Role.WARMUP, PeerRelation.ofConnected(CHAT, "search", PeerRole.INSTANCE));
    assertEquals(Role.GROUP, PeerRelation.ofConnected(CHAT, "chat", PeerRole.INSTANCE));
  }
}
