// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.PieceCounts;
import io.mows.p2p.swarm.message.SwarmMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each connected peer has told of one file, or may still tell, in the order in which the peers
 * came, and how many of them have each piece. For one thread.
 */
public final class FileNeighbours {
  private final int pieceCount;
  private final List<NeighbourPieces> connected = new ArrayList<>();
  private final Map<Long, NeighbourPieces> byPeer = new HashMap<>();
  private final List<NeighbourPieces> told = new ArrayList<>();
  private final PieceCounts copies;
  private final Runnable onNoneLeft;

  /** Whether a neighbour was lost that had something from before. */
  private boolean hasLostSource;

  /** Counts what may change the answer of {@link #areAllKnown}. */
  private long changes;

  private List<SwarmMember> askedOf;
  private long askedAt;
  private boolean wereAllKnown;

  /**
   * @param onNoneLeft has run when no neighbour has or is getting a piece any more
   */
  FileNeighbours(int pieceCount, Runnable onNoneLeft) {
    this.pieceCount = pieceCount;
    this.copies = new PieceCounts(pieceCount);
    this.onNoneLeft = onNoneLeft;
  }

  /** A peer has come, or the file has. */
  public NeighbourPieces add(Neighbour neighbour) {
    NeighbourPieces map = new NeighbourPieces(neighbour, pieceCount);
    byPeer.put(neighbour.peerId(), map);
    connected.add(map);
    changes++;
    return map;
  }

  /** The peer is gone; null if it was not there. */
  NeighbourPieces remove(long peerId) {
    NeighbourPieces map = byPeer.remove(peerId);
    if (map != null) {
      connected.remove(map);
      changes++;
    }
    return map;
  }

  /** What the peer has told or may still tell; null if it is not connected. */
  public NeighbourPieces of(long peerId) {
    return byPeer.get(peerId);
  }

  /** All that are connected. */
  public List<NeighbourPieces> connected() {
    return connected;
  }

  /** Those that have told us their map, and that are neither silent nor in quarantine. */
  public List<NeighbourPieces> told() {
    return told;
  }

  /** How many of {@link #told} have or are getting each piece. */
  public PieceCounts copies() {
    return copies;
  }

  /** It takes part in the file's swarm, or not any more: it has sent its map. */
  public void known(NeighbourPieces map, boolean isKnown) {
    if (map.isKnown() != isKnown) {
      map.known(isKnown);
      changes++;
    }
  }

  void lostSource() {
    hasLostSource = true;
  }

  /** Whether others may go on saying of what is lost that it was seen. */
  boolean hasLostSource() {
    return hasLostSource;
  }

  /** Whether a neighbour that has told has {@code piece}, and is not only getting it. */
  public boolean isHad(int piece) {
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i).have().get(piece)) {
        return true;
      }
    }
    return false;
  }

  /** Whether each of {@code members} but {@code self} has sent its map. */
  public boolean areAllKnown(List<SwarmMember> members, long self) {
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
    NeighbourPieces map = byPeer.get(peerId);
    return map != null && map.isKnown();
  }

  boolean isAnyLacking() {
    for (int i = 0; i < told.size(); i++) {
      if (!told.get(i).have().isFull()) {
        return true;
      }
    }
    return false;
  }

  boolean hasTold(NeighbourPieces map) {
    return told.contains(map);
  }

  void meet(NeighbourPieces map) {
    told.add(map);
  }

  /** Returns whether it had told. */
  boolean leave(NeighbourPieces map) {
    return told.remove(map);
  }

  /** The neighbour has these and no others. */
  void replace(NeighbourPieces map, PieceBits have, PieceBits arriving) {
    for (int piece = 0; piece < pieceCount; piece++) {
      boolean covers = have.get(piece) || arriving.get(piece);
      if (covers && !map.covers(piece)) {
        copies.more(piece);
      } else if (!covers && map.covers(piece)) {
        less(piece);
      }
    }
    map.replace(have, arriving);
    known(map, true);
  }

  /** The neighbour is getting {@code piece}; returns whether that is new. */
  boolean isGetting(NeighbourPieces map, int piece) {
    if (map.covers(piece)) {
      return false;
    }
    map.arriving().set(piece);
    copies.more(piece);
    return true;
  }

  /** The neighbour has got {@code piece}. */
  void has(NeighbourPieces map, int piece) {
    if (!map.covers(piece)) {
      copies.more(piece);
    }
    map.arriving().clear(piece);
    map.have().set(piece);
  }

  /** The neighbour neither has nor is getting {@code piece}; returns whether that is new. */
  boolean lacks(NeighbourPieces map, int piece) {
    boolean isNew = map.clear(piece);
    if (isNew) {
      less(piece);
    }
    return isNew;
  }

  /** One copy less, of one that has left. */
  void less(int piece) {
    if (copies.less(piece)) {
      onNoneLeft.run();
    }
  }
}
