// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.io.IOException;

/** Makes one-member directories and connections to them. Thread-safe. */
public interface DirectoryHosting {
  /**
   * Hosts an empty directory.
   *
   * @param address {@code host:port} of this worker
   * @throws IOException if that is not possible here, with the remedy
   */
  AutoCloseable host(String address) throws IOException;

  /** Returns a connection to the directory at {@code address}; does not block. */
  DirectoryTransport connect(String address);
}
