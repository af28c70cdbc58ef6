// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.LocatorLimits;

/**
 * The directory at one moment: who has what. Immutable, so a lookup reads it without a lock while
 * the next entry is applied; deterministic, so every member of the group has the same one.
 *
 * <p>Time comes from the entries, as the member that led then stamped them. {@link #clockMs} counts
 * the time in which the directory <em>lived</em>: a gap between two entries (no leader, all members
 * down, a new leader with another clock) counts for 5 s at most ({@code StateRules}). So leases do
 * not run out while nobody could renew them.
 */
public final class LocatorState {
  private static final LocatorState EMPTY = empty(LocatorLimits.DEFAULT);

  private final LocatorLimits limits;
  private final long epoch;
  private final long lastTimeMs;
  private final long clockMs;
  private final PeerTable peers;
  private final PersistentMap<Long, FileState> files;
  private final int holdings;
  private final long nextLeaseEndMs;
  private final DigestTable digests;
  private final JobTable jobs;
  private final ModelUses uses;

  LocatorState(
      LocatorLimits limits,
      long epoch,
      long lastTimeMs,
      long clockMs,
      PeerTable peers,
      PersistentMap<Long, FileState> files,
      int holdings,
      long nextLeaseEndMs,
      DigestTable digests,
      JobTable jobs,
      ModelUses uses) {
    this.limits = limits;
    this.epoch = epoch;
    this.lastTimeMs = lastTimeMs;
    this.clockMs = clockMs;
    this.peers = peers;
    this.files = files;
    this.holdings = holdings;
    this.nextLeaseEndMs = nextLeaseEndMs;
    this.digests = digests;
    this.jobs = jobs;
    this.uses = uses;
  }

  public static LocatorState empty() {
    return EMPTY;
  }

  public static LocatorState empty(LocatorLimits limits) {
    return new LocatorState(
        limits,
        0,
        0,
        0,
        PeerTable.EMPTY,
        PersistentMap.empty(),
        0,
        Long.MAX_VALUE,
        DigestTable.EMPTY,
        JobTable.EMPTY,
        ModelUses.EMPTY);
  }

  LocatorLimits limits() {
    return limits;
  }

  /** Which life of the directory this is; 0 before the first entry. */
  long epoch() {
    return epoch;
  }

  /** The latest stamp of an entry. */
  long lastTimeMs() {
    return lastTimeMs;
  }

  long clockMs() {
    return clockMs;
  }

  /** By peer id. */
  public PeerTable peers() {
    return peers;
  }

  /** By file id. */
  public PersistentMap<Long, FileState> files() {
    return files;
  }

  /** How many pairs of a peer and a file there are. */
  public int holdings() {
    return holdings;
  }

  /** No lease ends before this. */
  long nextLeaseEndMs() {
    return nextLeaseEndMs;
  }

  /** Of files that are in {@link #files}. */
  DigestTable digests() {
    return digests;
  }

  JobTable jobs() {
    return jobs;
  }

  ModelUses uses() {
    return uses;
  }
}
