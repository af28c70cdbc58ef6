// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection to another worker over which both sides may send messages and ask for pieces,
 * whoever dialled.
 *
 * <p>Thread-safe. No method blocks or throws because the peer is gone: on a closed connection a
 * request fails at once and everything else does nothing. Calls of one thread are carried out in
 * their order.
 */
public interface PeerConnection {
  /** What the peer calls itself; proven no further than that it knows the shared secret. */
  String peerId();

  InetSocketAddress remoteAddress();

  /** Whether this side dialled. */
  boolean isOutgoing();

  boolean isOpen();

  /**
   * Sends a message to the peer's {@link PeerListener#received}; the channel does not look into it.
   * Messages of one thread arrive in their order. What is sent in a burst goes out together. A
   * message is lost only with the connection, and a peer for which more than 16 MiB of messages
   * wait is cut off as {@link CloseReason#PEER_NOT_READING}.
   *
   * @param message 1 to {@link ChannelSettings#MAX_MESSAGE_BYTES} bytes from its position to its
   *     limit; handed over, so the caller must not touch it again
   * @throws IllegalArgumentException if it is empty or longer
   */
  void send(ByteBuffer message);

  /**
   * Whether what the peer sends is taken from the network; it is at first. What has been taken
   * already is still delivered: messages in up to 256 KiB. Nothing else that is under way on the
   * connection goes on meanwhile, and if that takes long it is closed as {@link CloseReason#IDLE}.
   */
  void setReading(boolean reading);

  /**
   * Asks the peer for a piece.
   *
   * @param receiver where its bytes go, called on I/O threads
   * @param timeoutMs how long it may take in all, the wait in the peer's queue included
   */
  PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs);

  /** For how long nothing at all has come from the peer, not even a part of a piece, in ns. */
  long silentNs();

  /** Has the peer's data channel say something, however busy the peer is otherwise. */
  void ping();

  /** Takes leave of the peer; {@link PeerListener#disconnected} follows. */
  void close();
}
