// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.Optional;

/**
 * What another worker is to this one: the one place that says in which order workers are asked. An
 * instance asks its own group, then the warm-up workers of whatever group. Warm-up workers are one
 * group among themselves. Instances of other groups are nothing to each other, and no instance is
 * looked for by a warm-up worker.
 */
public final class PeerRelation {
  private PeerRelation() {}

  /** Empty for one that is not looked for. */
  public static Optional<Role> of(PeerInfo self, String group, PeerRole role) {
    if (role == PeerRole.WARMUP) {
      return Optional.of(self.role() == PeerRole.WARMUP ? Role.GROUP : Role.WARMUP);
    }
    boolean sameService = self.role() == PeerRole.INSTANCE && group.equals(self.group());
    return sameService ? Optional.of(Role.GROUP) : Optional.empty();
  }

  /**
   * As {@link #of}, for one that is connected because it looked for us: it may have something that
   * nobody else has, and is asked last, like the warm-up group.
   */
  public static Role ofConnected(PeerInfo self, String group, PeerRole role) {
    return of(self, group, role).orElse(Role.WARMUP);
  }
}
