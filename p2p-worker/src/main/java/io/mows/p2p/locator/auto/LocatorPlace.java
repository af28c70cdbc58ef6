// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the directory is, and the way to it. Immutable. */
final class LocatorPlace {
  static final LocatorPlace NONE = new LocatorPlace(null, null, Nowhere.INSTANCE);
  private static final Logger LOG = LoggerFactory.getLogger(LocatorPlace.class);

  private final WorkerRef host;
  private final AutoCloseable member;
  private final LocatorTransport transport;

  /**
   * @param member what hosts it here; null if another worker does
   */
  LocatorPlace(WorkerRef host, AutoCloseable member, LocatorTransport transport) {
    this.host = host;
    this.member = member;
    this.transport = transport;
  }

  WorkerRef host() {
    return host;
  }

  /** Empty if it is not found yet. */
  Optional<String> address() {
    return Optional.ofNullable(host).map(WorkerRef::locatorAddress);
  }

  boolean isHere() {
    return member != null;
  }

  LocatorTransport transport() {
    return transport;
  }

  /** Leaves it, and ends what hosts it here. */
  void close() {
    transport.close();
    if (member != null) {
      try {
        member.close();
      } catch (Exception e) {
        LOG.warn("The locator that was hosted here did not close cleanly", e);
      }
    }
  }
}
