// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.IOException;

/** Makes one-member directories and connections to them. Thread-safe. */
public interface LocatorHosting {
  /**
   * Hosts an empty directory.
   *
   * @param address {@code host:port} of this worker
   * @throws IOException if that is not possible here, with the remedy
   */
  AutoCloseable host(String address) throws IOException;

  /**
   * Whether the machine at {@code address} says that no worker of ours is there, whether it would
   * host the directory or not. Blocks for a few seconds at most.
   */
  boolean isAbsent(String address);

  /** Returns a connection to the directory at {@code address}; does not block. */
  LocatorTransport connect(String address);
}
