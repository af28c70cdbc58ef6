// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Stands for a directory that is not found yet. */
final class Nowhere implements LocatorTransport {
  static final Nowhere INSTANCE = new Nowhere();

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    return CompletableFuture.failedFuture(
        new IOException("No worker hosts the locator yet: the master's list is awaited"));
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return write(query);
  }

  @Override
  public String describe() {
    return "(not found yet)";
  }

  @Override
  public void close() {}
}
