// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;

/**
 * A file on its way into the cache, for somebody who wants all of it. Read-ahead brings it; what
 * that does not bring becomes as urgent as what a reader waits for. For one thread at a time.
 */
public interface Arrival extends AutoCloseable {
  /** How far it is. */
  enum State {
    /** All of it is in the cache and may be handed over. */
    WHOLE,
    /** It is not; {@link #arrivedBytes} says whether it makes progress. */
    ARRIVING,
    /** It will not be: there is no room for it, or nobody fetches it. */
    NEVER
  }

  /**
   * Looks, and asks for what does not come. Returns at once; to be called often.
   *
   * @throws TransferException if a reader would be told that: the origin has it no more, or its
   *     bytes are wrong
   */
  State poll() throws TransferException;

  /** How much of the file can be read now. */
  long arrivedBytes();

  long lengthBytes();

  /** It is not urgent any more. */
  @Override
  void close();
}
