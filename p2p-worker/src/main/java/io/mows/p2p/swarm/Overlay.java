// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which peers to be connected with: all in a small swarm, else as many as keeps a random graph
 * connected with room to spare while peers come and go. Owners know each other and whoever has the
 * whole file, so that what is there already is not read from the origin.
 */
final class Overlay {
  private static final int COMPLETE_PEERS = 3;
  private static final int WARMUP_PEERS = 2;

  /** Warm-up workers that hold the file together. */
  private static final int WARMUP_PARTS = 16;

  private final SwarmState swarm;
  private final GroupFirst groupFirst;
  private final Map<Long, Long> deadUntilNs = new HashMap<>();
  private final Map<Long, Long> fullUntilNs = new HashMap<>();
  private final TreeSet<FileSwarm> changedFiles = new TreeSet<>();
  private FileSwarm largest;
  private int knownPeers;
  private boolean changed;

  Overlay(SwarmState swarm) {
    this.swarm = swarm;
    this.groupFirst = new GroupFirst(swarm, this::isAvoided);
  }

  GroupFirst groupFirst() {
    return groupFirst;
  }

  void changed() {
    changed = true;
  }

  /** Whether {@code peerId} could not be reached lately. */
  boolean isDead(long peerId, long nowNs) {
    Long untilNs = deadUntilNs.get(peerId);
    return untilNs != null && untilNs - nowNs > 0;
  }

  private boolean isAvoided(long peerId, long nowNs) {
    Long untilNs = fullUntilNs.get(peerId);
    return isDead(peerId, nowNs)
        || swarm.isSilent(peerId)
        || (untilNs != null && untilNs - nowNs > 0);
  }

  /** Gives those another chance that were avoided for long enough; returns true if there were. */
  boolean forget(long nowNs) {
    boolean dead = deadUntilNs.values().removeIf(untilNs -> untilNs - nowNs <= 0);
    boolean full = fullUntilNs.values().removeIf(untilNs -> untilNs - nowNs <= 0);
    return dead || full;
  }

  /** Works out anew what follows from who takes part. */
  void updateViews(long nowNs) {
    if (swarm.viewChanged) {
      swarm.viewChanged = false;
      swarm.viewsChanged.clear();
      swarm.files.values().forEach(file -> updateView(file, nowNs));
      changed = true;
    } else if (!swarm.viewsChanged.isEmpty()) {
      swarm.viewsChanged.forEach(file -> updateView(file, nowNs));
      changedFiles.addAll(swarm.viewsChanged);
      swarm.viewsChanged.clear();
    }
  }

  /** Works out who owns which piece of {@code file}, and whether anybody has all of it. */
  private void updateView(FileSwarm file, long nowNs) {
    Set<Long> fetching = new LinkedHashSet<>();
    Set<Long> resting = new HashSet<>();
    if (file.plan != null) {
      fetching.add(swarm.self);
    }
    file.completeElsewhere = false;
    for (SwarmMember member : file.memberList()) {
      if (member.peerId() == swarm.self || isUseless(member.peerId(), nowNs)) {
        continue;
      }
      file.completeElsewhere |= member.isComplete();
      if (member.role() == Role.GROUP && !member.isComplete()) {
        (member.isResting() ? resting : fetching).add(member.peerId());
      }
    }
    for (NeighbourPieces map : file.neighbours) {
      if (map.have.isFull()) {
        fetching.remove(map.link.peerId);
      } else if (map.link.role == Role.GROUP
          && (map.arriving.count() > 0 || !resting.contains(map.link.peerId))) {
        fetching.add(map.link.peerId);
      }
    }
    file.ownership.update(fetching.stream().mapToLong(Long::longValue).toArray());
    file.viewUpdated();
  }

  private boolean isUseless(long peerId, long nowNs) {
    return isDead(peerId, nowNs)
        || swarm.isSilent(peerId)
        || swarm.strikes.isQuarantined(peerId, nowNs);
  }

  /** Returns false if there is no place for one more. */
  boolean accepts(boolean incoming, boolean important) {
    int count = swarm.links.size();
    int limit = swarm.settings.maxConnections(knownPeers);
    return count < (incoming && !important ? 2 * swarm.settings.degree(knownPeers) : limit);
  }

  void connected(long peerId) {
    ended(peerId);
    deadUntilNs.remove(peerId);
    changed = true;
  }

  private void ended(long peerId) {
    swarm.connecting.remove(peerId);
    swarm.viewChanged |= swarm.unreached.remove(peerId);
  }

  void lost(long peerId, boolean dead, long untilNs) {
    ended(peerId);
    (dead ? deadUntilNs : fullUntilNs).put(peerId, untilNs);
    changed = true;
  }

  /** Connects to those that are missing. */
  void pump(long nowNs) {
    Set<FileSwarm> open = swarm.lists.open();
    if (!changed && changedFiles.isEmpty()) {
      return;
    }
    if (changed) {
      changedFiles.addAll(open);
    } else {
      changedFiles.retainAll(open);
    }
    changedFiles.forEach(file -> connect(file, nowNs));
    if (changed || largest == null || changedFiles.contains(largest) || !open.contains(largest)) {
      largest = null;
      open.forEach(this::compareWithLargest);
    } else {
      changedFiles.forEach(this::compareWithLargest);
    }
    if (largest != null) {
      knownPeers = Math.max(largest.marks.groupPeers, swarm.links.size());
    }
    changed = false;
    changedFiles.clear();
  }

  private void compareWithLargest(FileSwarm file) {
    if (largest == null || file.marks.groupPeers > largest.marks.groupPeers) {
      largest = file;
    }
  }

  private void connect(FileSwarm file, long nowNs) {
    connectImportant(file, nowNs);
    connectRandom(file, nowNs);
  }

  private void connectImportant(FileSwarm file, long nowNs) {
    if (!file.ownership.isOwner() && !file.desperate) {
      return;
    }
    for (long owner : file.ownership.owners()) {
      connect(owner, true, nowNs);
    }
    connectFirst(file, COMPLETE_PEERS, m -> m.role() == Role.GROUP && m.isComplete(), nowNs);
    if (!groupFirst.suffices(file, nowNs)) {
      connectWarmup(file, nowNs);
    }
  }

  private void connectWarmup(FileSwarm file, long nowNs) {
    boolean whole =
        file.memberList().stream().anyMatch(m -> m.role() == Role.WARMUP && m.isComplete());
    connectFirst(
        file,
        whole ? WARMUP_PEERS : WARMUP_PARTS,
        m -> m.role() == Role.WARMUP && m.isComplete() == whole,
        nowNs);
  }

  private void connectFirst(FileSwarm file, int count, Predicate<SwarmMember> which, long nowNs) {
    List<Long> peers = new ArrayList<>();
    for (SwarmMember member : file.memberList()) {
      if (which.test(member)) {
        peers.add(member.peerId());
      }
    }
    int open = count;
    for (long peer : sorted(peers)) {
      if (open > 0 && peer != swarm.self && !isAvoided(peer, nowNs)) {
        connect(peer, true, nowNs);
        open--;
      }
    }
  }

  private void connectRandom(FileSwarm file, long nowNs) {
    Set<Long> group = new HashSet<>();
    for (SwarmMember member : file.memberList()) {
      if (member.role() == Role.GROUP && member.peerId() != swarm.self) {
        group.add(member.peerId());
      }
    }
    file.marks.groupPeers = group.size();
    int target = swarm.settings.degree(Math.max(group.size(), swarm.links.size()));
    if (swarm.liveConnections() >= target) {
      return;
    }
    for (long peer : sorted(group)) {
      if (swarm.liveConnections() >= target) {
        return;
      }
      connect(peer, false, nowNs);
    }
  }

  private List<Long> sorted(Iterable<Long> peers) {
    List<Long> list = new ArrayList<>();
    peers.forEach(list::add);
    list.sort(Comparator.comparingLong(peer -> Rendezvous.edge(swarm.self, peer)));
    return list;
  }

  private void connect(long peer, boolean important, long nowNs) {
    boolean known = peer == swarm.self || swarm.links.containsKey(peer);
    if (!known && !isAvoided(peer, nowNs) && swarm.connecting.putIfAbsent(peer, nowNs) == null) {
      swarm.actions.connect(peer, important);
    }
  }
}
