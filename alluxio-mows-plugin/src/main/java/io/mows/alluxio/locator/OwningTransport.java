// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transport that closes what stands behind it after itself. Immutable and thread-safe. */
final class OwningTransport implements LocatorTransport {
  private static final Logger LOG = LoggerFactory.getLogger(OwningTransport.class);

  private final LocatorTransport transport;
  private final AutoCloseable owned;

  OwningTransport(LocatorTransport transport, AutoCloseable owned) {
    this.transport = transport;
    this.owned = owned;
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    return transport.write(entry);
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return transport.read(query, patienceMs);
  }

  @Override
  public String describe() {
    return transport.describe();
  }

  @Override
  public List<String> clocksOff() {
    return transport.clocksOff();
  }

  @Override
  public void close() {
    transport.close();
    try {
      owned.close();
    } catch (Exception e) {
      LOG.warn("{} did not close cleanly", owned, e);
    }
  }
}
