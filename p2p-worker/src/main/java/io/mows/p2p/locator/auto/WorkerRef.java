// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import java.util.Objects;

/** A worker of the cluster, as the master lists it. Immutable; equal if all fields are. */
public final class WorkerRef {
  private final String locatorAddress;
  private final long startTimeMs;
  private final long id;

  /**
   * @param locatorAddress {@code host:port} where it would host the locator
   * @param startTimeMs when its process started
   * @param id decides between workers that started in the same millisecond
   */
  public WorkerRef(String locatorAddress, long startTimeMs, long id) {
    this.locatorAddress = Objects.requireNonNull(locatorAddress);
    this.startTimeMs = startTimeMs;
    this.id = id;
  }

  public String locatorAddress() {
    return locatorAddress;
  }

  public long startTimeMs() {
    return startTimeMs;
  }

  public long id() {
    return id;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof WorkerRef)) {
      return false;
    }
    WorkerRef that = (WorkerRef) other;
    return startTimeMs == that.startTimeMs
        && id == that.id
        && locatorAddress.equals(that.locatorAddress);
  }

  @Override
  public int hashCode() {
    return Objects.hash(locatorAddress, startTimeMs, id);
  }

  @Override
  public String toString() {
    return locatorAddress + " (started " + startTimeMs + ", id " + id + ")";
  }
}
