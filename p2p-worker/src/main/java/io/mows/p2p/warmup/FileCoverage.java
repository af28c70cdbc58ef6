// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

/** How much of one file of a job is there, all copies together. Immutable. */
public final class FileCoverage {
  private final String path;
  private final long targetBytes;
  private final long presentBytes;

  FileCoverage(String path, long targetBytes, long presentBytes) {
    this.path = path;
    this.targetBytes = targetBytes;
    this.presentBytes = presentBytes;
  }

  public String path() {
    return path;
  }

  public long targetBytes() {
    return targetBytes;
  }

  public long presentBytes() {
    return presentBytes;
  }
}
