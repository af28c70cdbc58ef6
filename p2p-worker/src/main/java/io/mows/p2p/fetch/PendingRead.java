// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A read whose bytes are on their way, for a reader whose thread does not wait. Thread-safe. */
public interface PendingRead extends AutoCloseable {
  /**
   * Done when what was missing is here, when it will not come, or when a reader would not wait any
   * longer; {@link #read} tells which. Nothing that takes time may be done on the thread that
   * completes it.
   */
  CompletableFuture<Void> arrival();

  /**
   * Reads as a reader does who has waited until {@link #arrival} was done. Once at most.
   *
   * @return how many bytes were read, not more than 0 at the end of the file
   * @throws IOException as the reader would be told
   */
  int read(ByteBuffer dst) throws IOException;

  /** Whether it was read or not: nobody waits for the bytes any more. */
  @Override
  void close();
}
