// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.protocol.FileChange;
import java.util.List;

/** What the directory knows of one peer. Immutable. */
public final class PeerState {
  private final PeerInfo info;
  private final long session;
  private final long seq;
  private final long leaseEndMs;
  private final PeerLoad load;
  private final PersistentMap<Long, Coverage> files;

  PeerState(
      PeerInfo info,
      long session,
      long seq,
      long leaseEndMs,
      PeerLoad load,
      PersistentMap<Long, Coverage> files) {
    this.info = info;
    this.session = session;
    this.seq = seq;
    this.leaseEndMs = leaseEndMs;
    this.load = load;
    this.files = files;
  }

  PeerInfo info() {
    return info;
  }

  long session() {
    return session;
  }

  /** The last announcement of the session that is in here. */
  long seq() {
    return seq;
  }

  /** When it counts as gone, by {@link LocatorState#clockMs}. */
  long leaseEndMs() {
    return leaseEndMs;
  }

  PeerLoad load() {
    return load;
  }

  public PersistentMap<Long, Coverage> files() {
    return files;
  }

  PeerState withFiles(PersistentMap<Long, Coverage> changed) {
    return new PeerState(info, session, seq, leaseEndMs, load, changed);
  }

  PeerState renewed(long newSeq, long newLeaseEndMs, PeerLoad newLoad) {
    return new PeerState(info, session, newSeq, newLeaseEndMs, newLoad, files);
  }

  /** Whether it holds each file of which these say that its part has changed. */
  boolean holdsWhatChanges(List<FileChange> changes) {
    return changes.stream()
        .allMatch(
            change -> change.isPut() || change.isRemoval() || files.containsKey(change.fileId()));
  }
}
