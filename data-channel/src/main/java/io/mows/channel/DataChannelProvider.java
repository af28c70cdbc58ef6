// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.io.IOException;

/**
 * A way of moving pieces between workers. Found with {@link java.util.ServiceLoader} and chosen by
 * {@link DataChannels}; not being available is a normal state and no error.
 *
 * <p>Control frames always travel over TCP, whatever the provider: a provider only decides how the
 * bytes of a piece get from the block file of one worker to the receiver of the other. One that
 * cannot move a piece its own way (no such hardware on the peer, no registered memory left) sends
 * it over the TCP connection, so a piece never depends on it. There is one factory method and not
 * one for a server and one for a client: peers are symmetric, and what a worker listens with and
 * dials with share their threads and their upload caps.
 *
 * <p>Thread-safe. Only {@link #open} may block, and briefly: it reads the TLS files.
 */
public interface DataChannelProvider {
  /** The name that {@link ChannelChoice} knows it by. */
  String name();

  /** Says whether this provider can work here, and why not. Never throws, may be called often. */
  Availability availability();

  /** Among the available ones the highest wins when the operator chose {@code auto}. */
  int priority();

  /**
   * A channel that neither listens nor has any connection yet.
   *
   * @param server answers the peers that ask for pieces
   * @param listener hears of connections and of what peers have
   * @throws IOException if the TLS files cannot be used
   * @throws IllegalStateException if the provider is not available
   */
  DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener)
      throws IOException;
}
