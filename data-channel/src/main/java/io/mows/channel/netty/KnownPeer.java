// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.wire.Hello;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A peer that has a connection, and may get more. */
interface KnownPeer extends PeerConnection {
  /**
   * Takes one more connection of the peer; empty if it is none of this peer's, or one too many. For
   * that connection's thread.
   *
   * @param closer closes it
   */
  Optional<? extends Conversation> join(
      Hello hello, Channel channel, Outbox outbox, BiConsumer<CloseReason, String> closer);
}
