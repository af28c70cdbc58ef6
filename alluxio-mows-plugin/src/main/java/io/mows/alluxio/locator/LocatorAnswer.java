// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.p2p.locator.LocatorStatus;

/** What the locator knows, and where it is. Immutable. */
public final class LocatorAnswer {
  private final String where;
  private final LocatorStatus status;

  public LocatorAnswer(String where, LocatorStatus status) {
    this.where = where;
    this.status = status;
  }

  /** {@code host:port} of its members, separated by commas. */
  public String where() {
    return where;
  }

  public LocatorStatus status() {
    return status;
  }
}
