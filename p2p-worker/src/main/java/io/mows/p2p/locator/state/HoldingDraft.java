// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.DigestEntry;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.locator.state.FileState.Holding;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link HoldingTable} while one entry is applied to it: what peers announce, prove and give up.
 * Not thread-safe.
 */
final class HoldingDraft {
  private final LocatorLimits limits;
  private final long clockMs;
  private PeerTable peers;
  private PersistentMap<Long, FileState> files;
  private int count;
  private long nextLeaseEndMs;
  private DigestTable digests;

  /**
   * @param clockMs for how long the directory has lived: what leases are counted by
   */
  HoldingDraft(HoldingTable from, LocatorLimits limits, long clockMs) {
    this.limits = limits;
    this.clockMs = clockMs;
    this.peers = from.peers();
    this.files = from.files();
    this.count = from.count();
    this.nextLeaseEndMs = from.nextLeaseEndMs();
    this.digests = from.digests();
  }

  HoldingTable build() {
    return new HoldingTable(peers, files, count, nextLeaseEndMs, digests);
  }

  PeerTable peers() {
    return peers;
  }

  Result announce(Announcement entry) {
    PeerState known = peers.get(entry.peerId());
    if (known != null && entry.session() < known.session()) {
      return Result.REPLACED;
    }
    boolean sameSession = known != null && entry.session() == known.session();
    if (sameSession && entry.seq() <= known.seq()) {
      return Result.OK; // a second delivery
    }
    if (entry.isFull()) {
      return replaceAll(known, entry);
    }
    boolean continues = sameSession && entry.base() <= known.seq();
    return continues && known.holdsWhatChanges(entry.changes())
        ? store(
            known.renewed(entry.seq(), clockMs + entry.leaseMs(), entry.load()), entry.changes())
        : Result.FULL_NEEDED;
  }

  Result depart(Departure entry) {
    PeerState known = peers.get(entry.peerId());
    if (known != null && entry.session() < known.session()) {
      return Result.REPLACED;
    }
    if (known != null) {
      forget(known);
    }
    return Result.OK;
  }

  /** Only who has something of a file can have proven it. */
  Result prove(DigestEntry entry) {
    PeerState known = peers.get(entry.peerId());
    FileState file = files.get(entry.fileId());
    boolean holds =
        known != null
            && known.session() == entry.session()
            && known.files().containsKey(entry.fileId());
    if (!holds || file.info().lengthBytes() != entry.digest().lengthBytes()) {
      return Result.FULL_NEEDED;
    }
    DigestTable before = digests;
    digests = digests.with(entry.fileId(), entry.digest());
    return digests == before ? Result.LIMITED : Result.OK;
  }

  /** Forgets the peers whose lease has ended. */
  void expire() {
    if (clockMs <= nextLeaseEndMs) {
      return;
    }
    List<PeerState> ended = new ArrayList<>();
    long[] next = {Long.MAX_VALUE};
    peers.forEach(
        (id, peer) -> {
          if (peer.leaseEndMs() < clockMs) {
            ended.add(peer);
          } else {
            next[0] = Math.min(next[0], peer.leaseEndMs());
          }
        });
    ended.forEach(this::forget);
    // Renewals only move lease ends back, so until then there is nothing to look for.
    nextLeaseEndMs = next[0];
  }

  private Result replaceAll(PeerState known, Announcement entry) {
    if (known != null) {
      forget(known);
    } else if (peers.size() >= limits.maxPeers()) {
      return Result.LIMITED;
    }
    long leaseEndMs = clockMs + entry.leaseMs();
    PeerState fresh =
        new PeerState(
            entry.peer(),
            entry.session(),
            entry.seq(),
            leaseEndMs,
            entry.load(),
            PersistentMap.empty());
    return store(fresh, entry.changes());
  }

  private Result store(PeerState peer, List<FileChange> changes) {
    PersistentMap<Long, Coverage> held = peer.files();
    boolean allFit = true;
    for (FileChange change : changes) {
      long fileId = change.fileId();
      if (change.isRemoval()) {
        held = drop(peer.info(), held, fileId);
      } else if (held.containsKey(fileId) || hasRoomFor(fileId)) {
        held = hold(peer.info(), held, change);
      } else {
        allFit = false;
      }
    }
    peers = peers.with(peer.withFiles(held));
    nextLeaseEndMs = Math.min(nextLeaseEndMs, peer.leaseEndMs());
    return allFit ? Result.OK : Result.LIMITED;
  }

  private boolean hasRoomFor(long fileId) {
    return count < limits.maxHoldings()
        && (files.size() < limits.maxFiles() || files.containsKey(fileId));
  }

  private PersistentMap<Long, Coverage> hold(
      PeerInfo peer, PersistentMap<Long, Coverage> held, FileChange change) {
    long fileId = change.fileId();
    FileState file = files.get(fileId);
    PersistentMap<String, Holding> holders = file == null ? PersistentMap.empty() : file.holders();
    if (!held.containsKey(fileId)) {
      count++;
    }
    files =
        files.with(
            fileId,
            new FileState(
                change.isPut() ? change.file() : file.info(),
                holders.with(peer.id(), new Holding(peer, change.coverage()))));
    return held.with(fileId, change.coverage());
  }

  private PersistentMap<Long, Coverage> drop(
      PeerInfo peer, PersistentMap<Long, Coverage> held, long fileId) {
    if (!held.containsKey(fileId)) {
      return held;
    }
    count--;
    FileState file = files.get(fileId);
    PersistentMap<String, Holding> rest = file.holders().without(peer.id());
    if (rest.isEmpty()) {
      digests = digests.without(fileId);
    }
    files =
        rest.isEmpty()
            ? files.without(fileId)
            : files.with(fileId, new FileState(file.info(), rest));
    return held.without(fileId);
  }

  private void forget(PeerState peer) {
    peer.files().forEach((fileId, coverage) -> drop(peer.info(), peer.files(), fileId));
    peers = peers.without(peer.info().id());
  }
}
