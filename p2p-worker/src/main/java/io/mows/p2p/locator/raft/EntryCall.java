// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.io.IOException;
import java.util.Optional;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.StateMachineException;

/** Brings one entry to the leader, which is found by asking. */
final class EntryCall extends MemberCall {
  private final byte[] entry;

  EntryCall(
      GroupMembers members, ClientSeal seal, RaftLocatorSettings.Timing timing, byte[] entry) {
    super(members, seal, timing, 0);
    this.entry = entry;
  }

  @Override
  void attempt() {
    send(members.leader(), seal.purpose().entry(), entry, MemberLink::write);
  }

  @Override
  void answered(MemberLink link, byte[] answer) {
    result.complete(answer);
  }

  @Override
  void failed(MemberLink link, Throwable error) {
    if (error instanceof StateMachineException) {
      Throwable reason = error.getCause() == null ? error : error.getCause();
      result.completeExceptionally(
          new IOException("The locator refuses this worker: " + reason.getMessage(), error));
      return;
    }
    boolean isKnown = members.doesNotLead(link, suggestedLeader(error));
    again(error, isKnown ? 0 : RETRY_MS);
  }

  private static Optional<RaftPeerId> suggestedLeader(Throwable error) {
    return error instanceof NotLeaderException
        ? Optional.ofNullable(((NotLeaderException) error).getSuggestedLeader())
            .map(RaftPeer::getId)
        : Optional.empty();
  }
}
