// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.concurrent.CompletableFuture;

/** Hears what happens in a {@link PeerNetwork}, all of it on the thread of its executor. */
public interface PeerEvents {
  /**
   * A connection stands.
   *
   * @param incoming whether the peer dialled
   * @param important what the peer says if it did
   */
  void connected(long peerId, Role role, boolean incoming, boolean important);

  /** There are so many connections with this peer now, for pieces side by side. */
  void lanes(long peerId, int count);

  /** It stands no more, or could not be made. */
  void disconnected(long peerId, Cause cause);

  /** How many pieces a file has; negative if nothing that is said of it would be of use. */
  int pieceCount(long fileId);

  void received(long peerId, SwarmMessage message);

  /**
   * A peer asks for bytes.
   *
   * @param answer to be completed by any thread
   */
  void requested(long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer);
}
