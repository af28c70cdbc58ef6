// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.origin.OriginGates;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of the swarm, over all files and peers; its parts share it. For one thread. */
public final class SwarmState {
  private final long self;
  private final SwarmSettings settings;
  private final SwarmActions actions;
  private final Strikes strikes;
  private final OriginGates origins;
  private final Map<Long, FileSwarm> files = new LinkedHashMap<>();
  private final SwarmConnections connections = new SwarmConnections();
  private final InFlight inFlight = new InFlight();
  private final Worklists lists = new Worklists();
  private final ViewChanges views = new ViewChanges();

  /** What {@link #file} found last. */
  private FileSwarm lastFile;

  private long lastDownloadNs;
  private int owners = 1;

  public SwarmState(long self, SwarmSettings settings, SwarmActions actions, OriginGates origins) {
    this.self = self;
    this.settings = settings;
    this.actions = actions;
    this.origins = origins;
    this.strikes = new Strikes(settings.strikes(), settings.quarantineNs());
  }

  /** This worker's number. */
  public long self() {
    return self;
  }

  public SwarmSettings settings() {
    return settings;
  }

  public SwarmActions actions() {
    return actions;
  }

  public Strikes strikes() {
    return strikes;
  }

  /** When files may be read from their origins. */
  public OriginGates origins() {
    return origins;
  }

  /** By file id, in the order in which they were added. */
  public Map<Long, FileSwarm> files() {
    return files;
  }

  public SwarmConnections connections() {
    return connections;
  }

  public InFlight inFlight() {
    return inFlight;
  }

  /** Which of {@link #files} there is something to do for. */
  public Worklists lists() {
    return lists;
  }

  public ViewChanges views() {
    return views;
  }

  /** When a piece of any file came from a peer last. */
  public long lastDownloadNs() {
    return lastDownloadNs;
  }

  public void downloaded(long nowNs) {
    lastDownloadNs = nowNs;
  }

  /** So many peers share the reading of what we fetch now. */
  public void owners(int count) {
    owners = count;
  }

  /**
   * How many more pieces may come from peers. While we read from the origin, no more than leave
   * these reads their share of our link: it is what all others wait for.
   */
  public int freeDownloadSlots() {
    int most = settings.downloadSlots() + connections.extraLanes();
    int originReads = inFlight.originReadCount();
    if (originReads > 0) {
      most = Math.min(most, Math.max(1, originReads * (owners - 1)));
    }
    return most - inFlight.coming();
  }

  /** How many pieces may go to peers, in all. */
  public int uploadSlots() {
    return settings.uploadSlots() + connections.extraLanes();
  }

  /**
   * Whether one more piece may go to this peer: one waits for each that is under way, so that there
   * is no pause between them.
   */
  public boolean hasUploadSlot(Neighbour neighbour) {
    return neighbour.crowd() < Math.max(settings.uploadsPerPeer(), neighbour.lanes() + 1);
  }

  /** A connection with this peer stands. */
  public Neighbour connected(long peerId, Role role, long nowNs) {
    Neighbour neighbour = new Neighbour(peerId, role, nowNs);
    neighbour.quarantined(strikes.isQuarantined(peerId, nowNs));
    files.values().forEach(file -> file.neighbours().add(neighbour));
    connections.add(neighbour);
    return neighbour;
  }

  /** The connection is gone: what the peer has of our files does not count any more. */
  public void disconnected(Neighbour neighbour) {
    connections.remove(neighbour.peerId());
    for (FileSwarm file : files.values()) {
      NeighbourPieces map = file.neighbours().remove(neighbour.peerId());
      if (map != null) {
        Hearsay.forget(file, map, loss(file, map));
      }
    }
  }

  private Hearsay.Loss loss(FileSwarm file, NeighbourPieces map) {
    if (map.have().isFull() || file.members().isResting(map.neighbour().peerId())) {
      return Hearsay.Loss.SOURCE;
    }
    boolean isSmall = settings.isAllToAll(file.members().list().size());
    return isSmall ? Hearsay.Loss.ALL_KNOWN : Hearsay.Loss.ONE_OF_MANY;
  }

  /** A peer has sent wrong bytes. */
  public void strike(Neighbour neighbour, long nowNs) {
    if (strikes.strike(neighbour.peerId(), nowNs)) {
      neighbour.quarantined(true);
      actions.quarantined(neighbour.peerId());
      files.values().forEach(file -> Hearsay.forget(file, neighbour));
      views.all();
    }
  }

  /** What {@code peerId} has told of our file {@code fileId}, or may still tell; or null. */
  public NeighbourPieces pieces(long peerId, long fileId) {
    FileSwarm file = file(fileId);
    return file == null ? null : file.neighbours().of(peerId);
  }

  /** The file with this id, or null. Most of what happens, happens to one file for a while. */
  public FileSwarm file(long fileId) {
    if (lastFile == null || lastFile.fileId() != fileId || lastFile.isGone()) {
      lastFile = files.get(fileId);
    }
    return lastFile;
  }
}
