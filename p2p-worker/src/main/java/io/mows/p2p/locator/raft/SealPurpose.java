// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * What sealed messages of one group are for, so that none can be used for another purpose: an entry
 * for any leader of the group, a question for one member only, a reply for one request only.
 */
final class SealPurpose {
  private final RaftGroupId group;

  SealPurpose(RaftGroupId group) {
    this.group = group;
  }

  String entry() {
    return "entry " + group.getUuid();
  }

  String query(RaftPeerId member) {
    return "query " + group.getUuid() + " " + member;
  }

  String reply(long requestNonce) {
    return "reply " + group.getUuid() + " " + requestNonce;
  }

  String clock(long requestNonce) {
    return "clock " + group.getUuid() + " " + requestNonce;
  }

  String logRecord() {
    return "log " + group.getUuid();
  }

  String snapshot() {
    return "snapshot " + group.getUuid();
  }
}
