// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.net.InetSocketAddress;
import java.util.BitSet;

/**
 * A connection to another worker over which both sides may ask for pieces, whoever dialled.
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
   * Tells the peer that we take part in the swarm of {@code file} and which pieces we have. Opening
   * a file again replaces what was said before.
   *
   * @param have pieces that can be asked for; copied
   * @param arriving pieces that are on their way to us; copied
   */
  void openFile(SwarmFile file, BitSet have, BitSet arriving);

  /** Tells the peer that we left the swarm. Does nothing if the file is not open. */
  void closeFile(long fileId);

  /**
   * Tells the peer that something changed since {@link #openFile}. Changes are collected for some
   * milliseconds, longer while the peer is slow to read; of several for one piece the last is sent.
   * Does nothing if the file is not open.
   */
  void announce(long fileId, int piece, PieceChange change);

  /**
   * Asks the peer for a piece.
   *
   * @param receiver where its bytes go, called on I/O threads
   * @param timeoutMs how long it may take in all, the wait in the peer's queue included
   */
  PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs);

  /** Takes leave of the peer; {@link PeerListener#disconnected} follows. */
  void close();
}
