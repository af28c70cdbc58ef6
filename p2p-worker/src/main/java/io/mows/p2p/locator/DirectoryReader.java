// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Asks a directory what it knows, as an operator does, without taking part. Thread-safe. */
public final class DirectoryReader {
  /** No answer lists more files. */
  public static final int MAX_FILES = StatusQuery.MAX_FILES;

  private final DirectoryTransport transport;

  /**
   * @param transport stays the caller's
   */
  public DirectoryReader(DirectoryTransport transport) {
    this.transport = transport;
  }

  /**
   * All peers, and the files whose path starts with {@code pathPrefix}. Does not block; a failure
   * is told by the future.
   *
   * @param maxFiles at most {@link #MAX_FILES} count
   */
  public CompletableFuture<LocatorStatus> status(String pathPrefix, int maxFiles) {
    StatusQuery query = new StatusQuery(pathPrefix, Math.min(maxFiles, MAX_FILES));
    return transport
        .read(DirectoryQuery.write(query))
        .thenCompose(
            bytes -> {
              try {
                return CompletableFuture.completedFuture(DirectoryQuery.readStatus(bytes));
              } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
              }
            });
  }
}
