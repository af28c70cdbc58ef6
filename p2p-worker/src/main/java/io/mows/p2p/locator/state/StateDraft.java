// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.EntryReply.Result;

/**
 * A {@link LocatorState} while one entry is applied to it. Uses nothing but the state and the
 * entry, so every member comes to the same result. Not thread-safe.
 */
final class StateDraft {
  private final LocatorLimits limits;
  private final StateTimes times;
  private final HoldingDraft table;
  private JobTable jobs;
  private ModelUses uses;

  /**
   * @param times after the entry
   */
  StateDraft(LocatorState from, StateTimes times) {
    this.limits = from.limits();
    this.times = times;
    this.table = new HoldingDraft(from.table(), limits, times.clockMs());
    this.jobs = from.jobs();
    this.uses = from.uses();
  }

  LocatorState build() {
    return new LocatorState(limits, times, table.build(), jobs, uses);
  }

  /** Who has what. */
  HoldingDraft table() {
    return table;
  }

  JobTable jobs() {
    return jobs;
  }

  void setJobs(JobTable changed) {
    jobs = changed;
  }

  /** A living peer has opened {@code path}. */
  void used(String peerId, String path, int openings) {
    uses = uses.with(table.peers().get(peerId).info().group(), path, openings, times.clockMs());
  }

  void disused(String path) {
    uses = uses.withoutBelow(path);
  }

  /** Whether this life of the peer is the one that the directory knows. */
  boolean lives(String peerId, long session) {
    PeerState peer = table.peers().get(peerId);
    return peer != null && peer.session() == session;
  }

  boolean isGone(String peerId) {
    return !table.peers().containsKey(peerId);
  }

  EntryReply reply(Result result) {
    return new EntryReply(result, times.epoch(), table.peers().size());
  }
}
