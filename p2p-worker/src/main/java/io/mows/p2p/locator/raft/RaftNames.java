// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.channel.HostPort;
import io.mows.channel.security.ClusterTrust;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** How addresses become Raft's names. */
final class RaftNames {
  private RaftNames() {}

  static RaftPeerId peerId(String address) {
    // Ratis puts it into names of metrics and beans, where a colon means something.
    return RaftPeerId.valueOf(address.replace(':', '_'));
  }

  /**
   * Members of another list are another group, and so are those of another cluster: what one says
   * to the other by mistake is refused, and is never mixed into its directory.
   */
  static RaftGroupId groupId(List<String> members, ClusterTrust trust) {
    List<String> sorted = new ArrayList<>(members);
    Collections.sort(sorted);
    String name =
        "mows locator of "
            + new BigInteger(1, trust.clusterId()).toString(16)
            + " "
            + String.join(",", sorted);
    return RaftGroupId.valueOf(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  static RaftGroup group(List<String> members, ClusterTrust trust) {
    List<RaftPeer> peers = new ArrayList<>();
    for (String member : members) {
      peers.add(RaftPeer.newBuilder().setId(peerId(member)).setAddress(member).build());
    }
    return RaftGroup.valueOf(groupId(members, trust), peers);
  }

  /**
   * @throws IllegalArgumentException if {@code address} is not {@code host:port}
   */
  static int port(String address) {
    return HostPort.parse(address)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A member of the locator is '"
                        + address
                        + "'; write "
                        + HostPort.SYNTAX
                        + ", as in worker-1:29990."))
        .port();
  }
}
