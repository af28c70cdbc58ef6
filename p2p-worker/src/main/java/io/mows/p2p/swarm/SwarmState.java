// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.origin.OriginGates;
import io.mows.p2p.swarm.state.Strikes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the parts of a {@link SwarmNode} share. */
final class SwarmState {
  /**
   * Eviction breaks some promises. More in a row, and none kept: the peer is left alone a while.
   */
  private static final int MAX_BROKEN_PROMISES = 8;

  private static final long BROKEN_PROMISES_PAUSE_NS = 1_000_000_000L;

  final long self;
  final SwarmSettings settings;
  final SwarmActions actions;
  final Strikes strikes;
  final OriginGates origins;

  /** By file id, in the order in which they were added. */
  final Map<Long, FileSwarm> files = new LinkedHashMap<>();

  /** What {@link #file} found last. */
  private FileSwarm lastFile;

  /** The connected peers, by id. */
  final Map<Long, Neighbour> links = new LinkedHashMap<>();

  /** Which of {@link #files} there is something to do for. */
  final Worklists lists = new Worklists();

  /** Who takes part is not what it was: the owners of all files are to be worked out again. */
  boolean viewChanged;

  /** As {@link #viewChanged}, but of these files only. */
  final TreeSet<FileSwarm> viewsChanged = new TreeSet<>();

  /** The peers with whom connections are being made, by id, and since when. */
  final Map<Long, Long> connecting = new LinkedHashMap<>();

  /** Those of {@link #connecting} of which too long nothing has been heard. */
  final Set<Long> unreached = new HashSet<>();

  /** Pieces that come from peers now; what we have asked for and may not get is not counted. */
  int downloads;

  int originReads;

  /** Ways for pieces beside one for each connected peer. */
  private int extraLanes;

  /** When a piece of any file came from a peer last. */
  long lastDownloadNs;

  /** How many peers share the reading of what we fetch now. */
  int owners = 1;

  SwarmState(long self, SwarmSettings settings, SwarmActions actions, OriginGates origins) {
    this.self = self;
    this.settings = settings;
    this.actions = actions;
    this.origins = origins;
    this.strikes = new Strikes(settings.strikes, settings.quarantineNs);
  }

  /**
   * How many more pieces may come from peers. While we read from the origin, no more than leave
   * these reads their share of our link: it is what all others wait for.
   */
  int freeDownloadSlots() {
    int most = settings.downloadSlots + extraLanes;
    if (originReads > 0) {
      most = Math.min(most, Math.max(1, originReads * (owners - 1)));
    }
    return most - downloads;
  }

  /** How many pieces may go to peers, in all. */
  int uploadSlots() {
    return settings.uploadSlots + extraLanes;
  }

  /**
   * Whether one more piece may go to this peer: one waits for each that is under way, so that there
   * is no pause between them.
   */
  boolean hasUploadSlot(Neighbour link) {
    return link.uploads + link.offers < Math.max(settings.uploadsPerPeer, link.lanes + 1);
  }

  /** A connection with this peer stands. */
  Neighbour newLink(long peerId, Role role, long nowNs) {
    Neighbour link = new Neighbour(peerId, role, nowNs);
    link.quarantined = strikes.isQuarantined(peerId, nowNs);
    files.values().forEach(file -> file.maps.add(link));
    links.put(peerId, link);
    return link;
  }

  /** The connection with this peer is gone; null if there was none. */
  Neighbour removeLink(long peerId) {
    lanes(peerId, 1);
    Neighbour link = links.remove(peerId);
    if (link != null) {
      link.maps.forEach((fileId, map) -> files.get(fileId).maps.remove(map));
    }
    return link;
  }

  /** What a peer that is gone has of our files does not count any more. */
  void removeNeighbour(Neighbour link) {
    for (FileSwarm file : files.values()) {
      NeighbourPieces map = link.maps.get(file.fileId);
      if (map != null) {
        file.removeNeighbour(map, settings.isAllToAll(file.memberList().size()));
      }
    }
  }

  /** So many pieces fit side by side on the way to and from this peer. */
  void lanes(long peerId, int count) {
    Neighbour link = links.get(peerId);
    if (link != null) {
      extraLanes += count - link.lanes;
      link.lanes = count;
    }
  }

  /** Whether peers may have {@code file} of which we have not heard yet. */
  boolean isSettling(FileSwarm file, long nowNs) {
    boolean isHeld = nowNs - file.holdOriginUntilNs < 0 && !(file.isBlind && isHeardByAll(file));
    return isHeld
        || (nowNs - file.patientUntilNs < 0
            && file.memberList().stream().anyMatch(member -> isAwaited(file, member)));
  }

  /** All that are connected have told what they have of {@code file}. */
  private boolean isHeardByAll(FileSwarm file) {
    return links.values().stream()
        .allMatch(link -> link.silent || link.maps.get(file.fileId).known);
  }

  /** It has a part of the file, and has not told yet which. */
  private boolean isAwaited(FileSwarm file, SwarmMember member) {
    return member.isPartial() && isUnheard(file, member);
  }

  /** It has something of the file, is connected or about to be, and has not told yet what. */
  boolean isUnheard(FileSwarm file, SwarmMember member) {
    boolean hasSome = member.isPartial() || member.isComplete();
    if (!hasSome || member.peerId() == self || isSilent(member.peerId())) {
      return false;
    }
    NeighbourPieces map = map(member.peerId(), file.fileId);
    return map == null ? connecting.containsKey(member.peerId()) : !map.known;
  }

  /** Whether nothing at all comes from this peer, though we wait for it. */
  boolean isSilent(long peerId) {
    Neighbour link = links.get(peerId);
    return link == null ? unreached.contains(peerId) : link.silent;
  }

  /** How many peers we have connections with, or soon will, and that say something. */
  int liveConnections() {
    int live = connecting.size() - unreached.size();
    for (Neighbour link : links.values()) {
      live += link.silent ? 0 : 1;
    }
    return live;
  }

  /** A peer has sent wrong bytes. */
  void strike(Neighbour link, long nowNs) {
    if (strikes.strike(link.peerId, nowNs)) {
      link.quarantined = true;
      actions.quarantined(link.peerId);
      link.maps.forEach((fileId, map) -> files.get(fileId).removeNeighbour(map, true));
      viewChanged = true;
    }
  }

  /**
   * A peer does not have a piece that it said it has. To say so is honest, and no strike: of a file
   * that is larger than the memory, pieces go all the time.
   */
  void promiseBroken(Neighbour link, long nowNs) {
    if (++link.brokenPromises >= MAX_BROKEN_PROMISES) {
      link.brokenPromises = 0;
      link.leftAloneUntilNs = nowNs + BROKEN_PROMISES_PAUSE_NS;
      link.notBeforeNs = link.leftAloneUntilNs;
    }
  }

  /** The map of {@code fileId} that {@code peerId} has told us, or null. */
  NeighbourPieces map(long peerId, long fileId) {
    Neighbour link = links.get(peerId);
    return link == null ? null : link.map(fileId);
  }

  /** The file with this id, or null. Most of what happens, happens to one file for a while. */
  FileSwarm file(long fileId) {
    if (lastFile == null || lastFile.fileId != fileId || lastFile.marks.isGone) {
      lastFile = files.get(fileId);
    }
    return lastFile;
  }
}
