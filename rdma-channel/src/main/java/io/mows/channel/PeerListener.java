// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.BitSet;

/**
 * Hears what happens on the connections of a {@link DataChannel}.
 *
 * <p>Called on I/O threads, for one connection always by the same thread and in order: {@link
 * #connected} first, {@link #disconnected} last, both exactly once. Implementations must not block:
 * they stop other peers' bytes otherwise. Whatever they throw closes the connection.
 *
 * <p>What a peer can make an implementation remember is bounded: at most {@link
 * ChannelSettings#MAX_PEER_FILES} open files and {@link ChannelSettings#MAX_PEER_PIECES} pieces in
 * them per connection.
 */
public interface PeerListener {
  /** The peer has authenticated itself. May use the connection at once. */
  void connected(PeerConnection peer);

  /**
   * The peer takes part in the swarm of {@code file}; what it said of this file before is void.
   *
   * @param have pieces it can be asked for; the callee's own
   * @param arriving pieces on their way to it; the callee's own
   */
  void fileOpened(PeerConnection peer, SwarmFile file, BitSet have, BitSet arriving);

  /** The peer left the swarm of the file. */
  void fileClosed(PeerConnection peer, long fileId);

  /**
   * Something changed at the peer.
   *
   * @param pieces each within the file that the peer opened; the callee's own
   */
  void piecesChanged(PeerConnection peer, long fileId, PieceChange change, int[] pieces);

  /**
   * The connection is gone; every transfer on it has ended before.
   *
   * @param detail for the log
   */
  void disconnected(PeerConnection peer, CloseReason reason, String detail);
}
