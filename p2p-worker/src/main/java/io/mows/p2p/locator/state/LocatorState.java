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
  private final StateTimes times;
  private final HoldingTable table;
  private final JobTable jobs;
  private final ModelUses uses;

  LocatorState(
      LocatorLimits limits, StateTimes times, HoldingTable table, JobTable jobs, ModelUses uses) {
    this.limits = limits;
    this.times = times;
    this.table = table;
    this.jobs = jobs;
    this.uses = uses;
  }

  public static LocatorState empty() {
    return EMPTY;
  }

  public static LocatorState empty(LocatorLimits limits) {
    return new LocatorState(
        limits, StateTimes.NONE, HoldingTable.EMPTY, JobTable.EMPTY, ModelUses.EMPTY);
  }

  LocatorLimits limits() {
    return limits;
  }

  StateTimes times() {
    return times;
  }

  /** Which life of the directory this is; 0 before the first entry. */
  long epoch() {
    return times.epoch();
  }

  /** The latest stamp of an entry. */
  long lastTimeMs() {
    return times.lastTimeMs();
  }

  long clockMs() {
    return times.clockMs();
  }

  HoldingTable table() {
    return table;
  }

  /** By peer id. */
  public PeerTable peers() {
    return table.peers();
  }

  /** By file id. */
  public PersistentMap<Long, FileState> files() {
    return table.files();
  }

  /** How many pairs of a peer and a file there are. */
  public int holdings() {
    return table.count();
  }

  /** Of files that are in {@link #files}. */
  DigestTable digests() {
    return table.digests();
  }

  JobTable jobs() {
    return jobs;
  }

  ModelUses uses() {
    return uses;
  }
}
