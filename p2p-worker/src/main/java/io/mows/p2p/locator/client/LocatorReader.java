// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.protocol.StatusQuery;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Asks a directory what it knows, as an operator does, without taking part. Thread-safe. */
public final class LocatorReader {
  /** No answer lists more files. */
  public static final int MAX_FILES = StatusQuery.MAX_FILES;

  private final LocatorTransport transport;

  /**
   * @param transport stays the caller's
   */
  public LocatorReader(LocatorTransport transport) {
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
        .read(QueryCodec.write(query))
        .thenCompose(
            bytes -> {
              try {
                return CompletableFuture.completedFuture(QueryCodec.readStatus(bytes));
              } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
              }
            });
  }
}
