// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.DigestEntry;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.locator.state.FileState.Holding;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link LocatorState} while one entry is applied to it: the rules of the directory. Uses nothing
 * but the state and the entry, so every member comes to the same result. Not thread-safe.
 */
final class StateDraft {
  private final LocatorLimits limits;
  private final long epoch;
  private final long lastTimeMs;
  private final long clockMs;
  private PeerTable peers;
  private PersistentMap<Long, FileState> files;
  private int holdings;
  private long nextLeaseEndMs;
  private DigestTable digests;
  private JobTable jobs;
  private ModelUses uses;

  StateDraft(LocatorState from, long epoch, long lastTimeMs, long clockMs) {
    this.limits = from.limits();
    this.epoch = epoch;
    this.lastTimeMs = lastTimeMs;
    this.clockMs = clockMs;
    this.peers = from.peers();
    this.files = from.files();
    this.holdings = from.holdings();
    this.nextLeaseEndMs = from.nextLeaseEndMs();
    this.digests = from.digests();
    this.jobs = from.jobs();
    this.uses = from.uses();
  }

  LocatorState build() {
    return new LocatorState(
        limits,
        epoch,
        lastTimeMs,
        clockMs,
        peers,
        files,
        holdings,
        nextLeaseEndMs,
        digests,
        jobs,
        uses);
  }

  EntryReply announce(Announcement entry) {
    PeerState known = peers.get(entry.peerId());
    if (known != null && entry.session() < known.session()) {
      return reply(Result.REPLACED);
    }
    boolean sameSession = known != null && entry.session() == known.session();
    if (sameSession && entry.seq() <= known.seq()) {
      return reply(Result.OK); // a second delivery
    }
    if (entry.isFull()) {
      return replaceAll(known, entry);
    }
    boolean continues = sameSession && entry.base() <= known.seq();
    return continues && knowsUpdated(known, entry.changes())
        ? change(known, entry)
        : reply(Result.FULL_NEEDED);
  }

  EntryReply depart(Departure entry) {
    PeerState known = peers.get(entry.peerId());
    if (known != null && entry.session() < known.session()) {
      return reply(Result.REPLACED);
    }
    if (known != null) {
      forget(known);
    }
    return reply(Result.OK);
  }

  /** Only who has something of a file can have proven it. */
  EntryReply prove(DigestEntry entry) {
    PeerState known = peers.get(entry.peerId());
    FileState file = files.get(entry.fileId());
    boolean holds =
        known != null
            && known.session() == entry.session()
            && known.files().containsKey(entry.fileId());
    if (!holds || file.info().lengthBytes() != entry.digest().lengthBytes()) {
      return reply(Result.FULL_NEEDED);
    }
    DigestTable before = digests;
    digests = digests.with(entry.fileId(), entry.digest());
    return reply(digests == before ? Result.LIMITED : Result.OK);
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

  private EntryReply replaceAll(PeerState known, Announcement entry) {
    if (known != null) {
      forget(known);
    } else if (peers.size() >= limits.maxPeers()) {
      return reply(Result.LIMITED);
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

  private EntryReply change(PeerState known, Announcement entry) {
    long leaseEndMs = clockMs + entry.leaseMs();
    return store(known.renewed(entry.seq(), leaseEndMs, entry.load()), entry.changes());
  }

  private EntryReply store(PeerState peer, List<FileChange> changes) {
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
    return reply(allFit ? Result.OK : Result.LIMITED);
  }

  private boolean hasRoomFor(long fileId) {
    return holdings < limits.maxHoldings()
        && (files.size() < limits.maxFiles() || files.containsKey(fileId));
  }

  private PersistentMap<Long, Coverage> hold(
      PeerInfo peer, PersistentMap<Long, Coverage> held, FileChange change) {
    long fileId = change.fileId();
    FileState file = files.get(fileId);
    PersistentMap<String, Holding> holders = file == null ? PersistentMap.empty() : file.holders();
    if (!held.containsKey(fileId)) {
      holdings++;
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
    holdings--;
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

  private static boolean knowsUpdated(PeerState peer, List<FileChange> changes) {
    PersistentMap<Long, Coverage> held = peer.files();
    return changes.stream()
        .allMatch(
            change -> change.isPut() || change.isRemoval() || held.containsKey(change.fileId()));
  }

  JobTable jobs() {
    return jobs;
  }

  void setJobs(JobTable changed) {
    jobs = changed;
  }

  /** A living peer has opened {@code path}. */
  void used(String peerId, String path, int openings) {
    uses = uses.with(peers.get(peerId).info().group(), path, openings, clockMs);
  }

  void disused(String path) {
    uses = uses.withoutBelow(path);
  }

  /** Whether this life of the peer is the one that the directory knows. */
  boolean lives(String peerId, long session) {
    PeerState peer = peers.get(peerId);
    return peer != null && peer.session() == session;
  }

  boolean isGone(String peerId) {
    return !peers.containsKey(peerId);
  }

  EntryReply reply(Result result) {
    return new EntryReply(result, epoch, peers.size());
  }
}
