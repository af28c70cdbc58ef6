// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.state.LocatorReplica;
import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;

/** How old the knowledge of one member may be. Thread-safe. */
final class StalenessGauge {
  private final RaftServer server;
  private final RaftGroupId group;
  private final LocatorReplica directory;

  StalenessGauge(RaftServer server, RaftGroupId group, LocatorReplica directory) {
    this.server = server;
    this.group = group;
    this.directory = directory;
  }

  /**
   * The leader is up to date (it steps down when it loses the majority). A follower is as old as
   * the last message of its leader. Without a leader only the last entry's stamp tells.
   */
  long ageMs(long nowMs) {
    try {
      RaftServer.Division division = server.getDivision(group);
      if (division.getInfo().isLeaderReady()) {
        return 0;
      }
      RoleInfoProto role = division.getInfo().getRoleInfoProto();
      boolean followsLeader =
          role.getRole() == RaftPeerRole.FOLLOWER && division.getInfo().getLeaderId() != null;
      return followsLeader
          ? Math.max(0, role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs())
          : directory.ageByStampMs(nowMs);
    } catch (IOException e) {
      return directory.ageByStampMs(nowMs);
    }
  }
}
