// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft.door;

import java.util.concurrent.TimeUnit;

/** What strangers may do at a {@code FrontDoor}. Immutable. */
public final class DoorLimits {
  public static final DoorLimits DEFAULT = new DoorLimits(10_000, 60_000, 2_048, 256);

  private final long firstBytesNs;
  private final long silentNs;
  private final int connections;
  private final int perAddress;

  /**
   * @param firstBytesMs when a connection must have begun to speak
   * @param silentMs how long nothing may pass; longer than any question waits for its answer
   * @param connections at most, of all
   * @param perAddress connections at most from one address
   */
  DoorLimits(long firstBytesMs, long silentMs, int connections, int perAddress) {
    this.firstBytesNs = TimeUnit.MILLISECONDS.toNanos(firstBytesMs);
    this.silentNs = TimeUnit.MILLISECONDS.toNanos(silentMs);
    this.connections = connections;
    this.perAddress = perAddress;
  }

  long firstBytesNs() {
    return firstBytesNs;
  }

  long silentNs() {
    return silentNs;
  }

  int connections() {
    return connections;
  }

  int perAddress() {
    return perAddress;
  }
}
