// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/**
 * How much one directory holds. All members of a group must have the same, because they decide what
 * an entry does; so they are fixed for a version. Immutable.
 */
public final class LocatorLimits {
  /** About 700 MB of heap when all of it is used; 1,000 peers with 200 files take some 30 MB. */
  public static final LocatorLimits DEFAULT = new LocatorLimits(10_000, 500_000, 4_000_000);

  /** Warm-up jobs. They are made by people: more than this are a mistake. */
  public static final int MAX_JOBS = 1_000;

  private final int maxPeers;
  private final int maxFiles;
  private final int maxHoldings;

  /**
   * @param maxHoldings pairs of a peer and a file that it has something of
   */
  public LocatorLimits(int maxPeers, int maxFiles, int maxHoldings) {
    this.maxPeers = maxPeers;
    this.maxFiles = maxFiles;
    this.maxHoldings = maxHoldings;
  }

  public int maxPeers() {
    return maxPeers;
  }

  public int maxFiles() {
    return maxFiles;
  }

  public int maxHoldings() {
    return maxHoldings;
  }
}
