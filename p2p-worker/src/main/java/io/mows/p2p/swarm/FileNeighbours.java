// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import java.util.ArrayList;
import java.util.List;

/**
 * What each connected peer has told of one file, or may still tell, in the order in which the peers
 * came. For one thread.
 */
final class FileNeighbours {
  private final long fileId;
  private final int pieceCount;
  private final List<NeighbourPieces> maps = new ArrayList<>();

  /** Counts what may change the answer of {@link #areAllKnown}. */
  private long changes;

  private List<SwarmMember> askedOf;
  private long askedAt;
  private boolean wereAllKnown;

  FileNeighbours(long fileId, int pieceCount) {
    this.fileId = fileId;
    this.pieceCount = pieceCount;
  }

  /** A peer has come, or the file has. */
  void add(Neighbour link) {
    NeighbourPieces map = new NeighbourPieces(link, pieceCount);
    link.maps.put(fileId, map);
    maps.add(map);
    changes++;
  }

  /** The peer is gone. */
  void remove(NeighbourPieces map) {
    maps.remove(map);
    changes++;
  }

  /** It takes part in the file's swarm, or not any more: it has sent its map. */
  void known(NeighbourPieces map, boolean isKnown) {
    if (map.known != isKnown) {
      map.known = isKnown;
      changes++;
    }
  }

  int size() {
    return maps.size();
  }

  NeighbourPieces get(int index) {
    return maps.get(index);
  }

  /** Whether each of {@code members} but {@code self} has sent its map. */
  boolean areAllKnown(List<SwarmMember> members, long self) {
    if (!members.equals(askedOf) || askedAt != changes) {
      askedOf = members;
      askedAt = changes;
      wereAllKnown = true;
      for (SwarmMember member : members) {
        wereAllKnown &= member.peerId() == self || isKnown(member.peerId());
      }
    }
    return wereAllKnown;
  }

  private boolean isKnown(long peerId) {
    for (int i = 0; i < maps.size(); i++) {
      if (maps.get(i).link.peerId == peerId) {
        return maps.get(i).known;
      }
    }
    return false;
  }
}
