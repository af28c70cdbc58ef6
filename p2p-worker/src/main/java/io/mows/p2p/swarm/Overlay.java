// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
  private final OwnerView view;
  private final AvoidedPeers avoided;
  private final TreeSet<FileSwarm> changedFiles = new TreeSet<>();
  private FileSwarm largest;
  private int knownPeers;
  private boolean changed;

  Overlay(SwarmState swarm, AvoidedPeers avoided, GroupFirst groupFirst) {
    this.swarm = swarm;
    this.avoided = avoided;
    this.groupFirst = groupFirst;
    this.view = new OwnerView(swarm, avoided);
  }

  /** Works out anew what follows from who takes part. */
  void updateViews(long nowNs) {
    if (swarm.views().takeAll()) {
      swarm.files().values().forEach(file -> view.update(file, nowNs));
      changed = true;
      return;
    }
    for (FileSwarm file : swarm.views().take()) {
      view.update(file, nowNs);
      changedFiles.add(file);
    }
  }

  /** Gives those another chance that were avoided for long enough. */
  void forgive(long nowNs) {
    swarm.views().allIf(avoided.forget(nowNs));
  }

  /** Returns false if there is no place for one more. */
  boolean accepts(boolean incoming, boolean important) {
    int count = swarm.connections().count();
    int limit = swarm.settings().maxConnections(knownPeers);
    return count < (incoming && !important ? 2 * swarm.settings().degree(knownPeers) : limit);
  }

  void connected(long peerId) {
    ended(peerId);
    avoided.reached(peerId);
    changed = true;
  }

  private void ended(long peerId) {
    swarm.views().allIf(swarm.connections().ended(peerId));
  }

  void lost(long peerId, boolean dead, long untilNs) {
    ended(peerId);
    avoided.lost(peerId, dead, untilNs);
    changed = true;
  }

  /** Connects to those that are missing. */
  void pump(long nowNs) {
    Set<FileSwarm> open = swarm.lists().open();
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
      knownPeers = Math.max(largest.members().groupPeers(), swarm.connections().count());
    }
    changed = false;
    changedFiles.clear();
  }

  private void compareWithLargest(FileSwarm file) {
    if (largest == null || file.members().groupPeers() > largest.members().groupPeers()) {
      largest = file;
    }
  }

  private void connect(FileSwarm file, long nowNs) {
    connectImportant(file, nowNs);
    connectRandom(file, nowNs);
  }

  private void connectImportant(FileSwarm file, long nowNs) {
    if (!file.ownership().isOwner() && !file.fetching().isDesperate()) {
      return;
    }
    for (long owner : file.ownership().owners()) {
      connect(owner, true, nowNs);
    }
    connectFirst(file, COMPLETE_PEERS, m -> m.role() == Role.GROUP && m.isComplete(), nowNs);
    if (!groupFirst.suffices(file, nowNs)) {
      connectWarmup(file, nowNs);
    }
  }

  private void connectWarmup(FileSwarm file, long nowNs) {
    boolean whole =
        file.members().list().stream().anyMatch(m -> m.role() == Role.WARMUP && m.isComplete());
    connectFirst(
        file,
        whole ? WARMUP_PEERS : WARMUP_PARTS,
        m -> m.role() == Role.WARMUP && m.isComplete() == whole,
        nowNs);
  }

  private void connectFirst(FileSwarm file, int count, Predicate<SwarmMember> which, long nowNs) {
    List<Long> peers = new ArrayList<>();
    for (SwarmMember member : file.members().list()) {
      if (which.test(member)) {
        peers.add(member.peerId());
      }
    }
    int open = count;
    for (long peer : sorted(peers)) {
      if (open > 0 && peer != swarm.self() && !avoided.contains(peer, nowNs)) {
        connect(peer, true, nowNs);
        open--;
      }
    }
  }

  private void connectRandom(FileSwarm file, long nowNs) {
    Set<Long> group = new HashSet<>();
    for (SwarmMember member : file.members().list()) {
      if (member.role() == Role.GROUP && member.peerId() != swarm.self()) {
        group.add(member.peerId());
      }
    }
    file.members().groupPeers(group.size());
    int target = swarm.settings().degree(Math.max(group.size(), swarm.connections().count()));
    if (swarm.connections().live() >= target) {
      return;
    }
    for (long peer : sorted(group)) {
      if (swarm.connections().live() >= target) {
        return;
      }
      connect(peer, false, nowNs);
    }
  }

  private List<Long> sorted(Iterable<Long> peers) {
    List<Long> list = new ArrayList<>();
    peers.forEach(list::add);
    list.sort(Comparator.comparingLong(peer -> Rendezvous.edge(swarm.self(), peer)));
    return list;
  }

  private void connect(long peer, boolean important, long nowNs) {
    boolean known = peer == swarm.self() || swarm.connections().has(peer);
    if (!known && !avoided.contains(peer, nowNs) && swarm.connections().begin(peer, nowNs)) {
      swarm.actions().connect(peer, important);
    }
  }
}
