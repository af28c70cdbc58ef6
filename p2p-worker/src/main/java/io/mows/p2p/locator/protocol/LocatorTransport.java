// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries entries and questions to the members of one directory. Thread-safe; no method blocks. A
 * failure is told by the future, in bounded time, after what the implementation tries itself
 * (another member, the new leader).
 */
public interface LocatorTransport extends AutoCloseable {
  /** Hands {@code entry} to the member that leads and returns its reply once it is in the log. */
  CompletableFuture<byte[]> write(byte[] entry);

  /** Asks any member. */
  default CompletableFuture<byte[]> read(byte[] query) {
    return read(query, 0);
  }

  /**
   * Asks any member, which may keep the question for a while until there is something new.
   *
   * @param patienceMs how long the question itself lets it be kept; an answer takes that longer
   */
  CompletableFuture<byte[]> read(byte[] query, long patienceMs);

  /** What it talks to, for the operator. */
  String describe();

  /** Of each member whose clock is known to differ much from this worker's: whose, and how far. */
  default List<String> clocksOff() {
    return List.of();
  }

  /** Ends what is under way. May take some seconds. */
  @Override
  void close();
}
