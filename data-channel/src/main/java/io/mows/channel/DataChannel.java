// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * One worker's end of the data channel: it listens, dials, and shares one budget of uploads among
 * all its peers. Thread-safe; only {@link #listen} and {@link #close} block.
 */
public interface DataChannel extends AutoCloseable {
  /**
   * Starts to accept peers.
   *
   * @return the address it is bound to, with the real port where the settings ask for port 0
   * @throws IOException if the address cannot be bound; the message names address, keys and remedy
   */
  InetSocketAddress listen() throws IOException;

  /**
   * Dials a peer. Two workers may well have two connections, one dialled by each; which to keep is
   * up to the caller.
   *
   * @param address resolved: nothing here waits for a name server
   * @return the connection once the peer has authenticated itself, else a {@link
   *     TransferException}. Ends on an I/O thread, after {@link PeerListener#connected} returned.
   */
  CompletableFuture<PeerConnection> connect(InetSocketAddress address);

  /** What has happened until now. */
  ChannelStats stats();

  /**
   * Stops listening, takes leave of every peer, fails what is under way, gives back every region
   * that was being sent, and ends its threads. Returns when all that is done. Not for an I/O thread
   * of this channel. May be called again.
   */
  @Override
  void close();
}
