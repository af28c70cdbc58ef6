// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.client.file.URIStatus;

/** What the Alluxio master has said of a path, and how long ago it was asked. Immutable. */
public final class PathStatus {
  private final URIStatus status;
  private final long ageMs;

  public PathStatus(URIStatus status, long ageMs) {
    this.status = status;
    this.ageMs = ageMs;
  }

  public URIStatus status() {
    return status;
  }

  public long ageMs() {
    return ageMs;
  }
}
