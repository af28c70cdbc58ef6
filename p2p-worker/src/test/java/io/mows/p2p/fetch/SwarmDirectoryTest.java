// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.SwarmMember;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SwarmDirectoryTest {
  private static final PeerInfo SELF =
      new PeerInfo("self", "127.0.0.1:29991", "chat", PeerRole.INSTANCE);

  private final Set<Long> connected = new HashSet<>();

  private final SwarmDirectory directory =
      new SwarmDirectory(
          null,
          SELF,
          new SwarmDirectory.Answers() {
            @Override
            public void peer(PeerInfo peer) {}

            @Override
            public boolean isConnected(long peerId) {
              return connected.contains(peerId);
            }

            @Override
            public void members(long fileId, List<SwarmMember> members, int workers) {}
          },
          Runnable::run);

  /** Else a worker that fetches asks once a second for ever: the locator names it as well. */
  @Test
  void shouldNotMissAConnectionWithItself() {
    connected.add(1L);
    assertTrue(directory.isConnectedToAll(Set.of(1L, SELF.idHash())));
    assertFalse(directory.isConnectedToAll(Set.of(1L, 2L, SELF.idHash())));
    assertTrue(directory.isConnectedToAll(Set.of()));
  }
}
