// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import java.io.IOException;
import java.util.Optional;

/** Where the identity of a cluster is kept. For one thread; may block for some seconds. */
interface IdentityStore extends AutoCloseable {
  /**
   * @throws IOException if it cannot be asked
   */
  Optional<byte[]> get() throws IOException;

  /**
   * Keeps {@code identity} unless there is one already, which then stays. Atomic.
   *
   * @throws IdentityDeniedException if this user may not
   * @throws IOException if it cannot be asked
   */
  void putIfAbsent(byte[] identity) throws IOException;

  @Override
  void close() throws IOException;

  /** Connects, to be closed by the caller. */
  @FunctionalInterface
  interface Opener {
    IdentityStore open() throws IOException;
  }
}
