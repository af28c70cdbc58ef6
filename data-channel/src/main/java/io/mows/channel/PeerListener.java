// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.nio.ByteBuffer;

/**
 * Hears what happens on the connections of a {@link DataChannel}.
 *
 * <p>Called on I/O threads, for one connection always by the same thread and in order: {@link
 * #connected} first, {@link #disconnected} last, both exactly once. Implementations must not block:
 * they stop other peers' bytes otherwise. Whatever they throw closes the connection.
 *
 * <p>The channel bounds the length of a message, not what a peer can make an implementation
 * remember by sending many: {@link PeerConnection#setReading} is for that.
 */
public interface PeerListener {
  /** The peer has authenticated itself. May use the connection at once. */
  void connected(PeerConnection peer);

  /**
   * The peer sent a message. Nothing of it is checked but its length.
   *
   * @param message 1 to {@link ChannelSettings#MAX_MESSAGE_BYTES} bytes on the heap from position
   *     0; the callee's own
   */
  void received(PeerConnection peer, ByteBuffer message);

  /**
   * There are more connections with the peer, or fewer: so many pieces come side by side.
   *
   * @param count at least 1, which it is at first
   */
  default void lanes(PeerConnection peer, int count) {}

  /**
   * The connection is gone; every transfer on it has ended before.
   *
   * @param detail for the log
   */
  void disconnected(PeerConnection peer, CloseReason reason, String detail);
}
