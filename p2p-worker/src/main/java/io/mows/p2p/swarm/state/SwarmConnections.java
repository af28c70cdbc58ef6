// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The peers that we are connected with, or soon will be, and how many pieces fit side by side on
 * the ways to them. For one thread.
 */
public final class SwarmConnections {
  private final Map<Long, Neighbour> byPeer = new LinkedHashMap<>();

  /** Since when connections are being made. */
  private final Map<Long, Long> connecting = new LinkedHashMap<>();

  /** Those of {@link #connecting} of which too long nothing has been heard. */
  private final Set<Long> unreached = new HashSet<>();

  /** Ways for pieces beside one for each connected peer. */
  private int extraLanes;

  void add(Neighbour neighbour) {
    byPeer.put(neighbour.peerId(), neighbour);
  }

  /** The connection is gone; null if there was none. */
  Neighbour remove(long peerId) {
    lanes(peerId, 1);
    return byPeer.remove(peerId);
  }

  /** The connected peers, in the order in which they came. */
  public Collection<Neighbour> all() {
    return byPeer.values();
  }

  /** Null if it is not connected. */
  public Neighbour get(long peerId) {
    return byPeer.get(peerId);
  }

  public boolean has(long peerId) {
    return byPeer.containsKey(peerId);
  }

  public int count() {
    return byPeer.size();
  }

  /** So many pieces fit side by side on the way to and from this peer. */
  public void lanes(long peerId, int count) {
    Neighbour neighbour = byPeer.get(peerId);
    if (neighbour != null) {
      extraLanes += count - neighbour.lanes();
      neighbour.lanes(count);
    }
  }

  int extraLanes() {
    return extraLanes;
  }

  /** A connection is to be made; returns false if that is under way. */
  public boolean begin(long peerId, long nowNs) {
    return connecting.putIfAbsent(peerId, nowNs) == null;
  }

  public boolean isConnecting(long peerId) {
    return connecting.containsKey(peerId);
  }

  /** It was made or not; returns whether nothing had been heard for too long. */
  public boolean ended(long peerId) {
    connecting.remove(peerId);
    return unreached.remove(peerId);
  }

  /**
   * Notes those that have been waited for too long.
   *
   * @param sinceNs the time before that does not count
   * @return whether there are any more than before
   */
  public boolean noteUnreached(long sinceNs, long patienceNs, long nowNs) {
    int before = unreached.size();
    connecting.forEach(
        (peerId, begunNs) -> {
          if (Math.min(nowNs - begunNs, nowNs - sinceNs) > patienceNs) {
            unreached.add(peerId);
          }
        });
    return unreached.size() > before;
  }

  /** Whether nothing at all comes from this peer, though we wait for it. */
  public boolean isSilent(long peerId) {
    Neighbour neighbour = byPeer.get(peerId);
    return neighbour == null ? unreached.contains(peerId) : neighbour.isSilent();
  }

  /** How many of the connected peers are silent. */
  public int silent() {
    int silent = 0;
    for (Neighbour neighbour : byPeer.values()) {
      silent += neighbour.isSilent() ? 1 : 0;
    }
    return silent;
  }

  /** How many peers we have connections with, or soon will, and that say something. */
  public int live() {
    return connecting.size() - unreached.size() + byPeer.size() - silent();
  }
}
