// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMessage;

/** What changes of a file by what its neighbours say, and by what they no longer say. */
public final class Hearsay {
  private Hearsay() {}

  /** As {@link #forget(FileSwarm, NeighbourPieces, boolean)} of what is probably nowhere else. */
  public static void forget(FileSwarm file, Neighbour neighbour) {
    forget(file, file.neighbours().of(neighbour.peerId()), true);
  }

  /**
   * Counts what the neighbour has no more.
   *
   * @param onlyOne whether what it had and no other neighbour has is probably nowhere else
   */
  static void forget(FileSwarm file, NeighbourPieces map, boolean onlyOne) {
    if (!file.neighbours().leave(map)) {
      return;
    }
    file.touch();
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      if (map.covers(piece)) {
        file.neighbours().less(piece);
        boolean unsure = onlyOne || map.arriving().get(piece);
        if (unsure && file.copies(piece) == 0 && !file.have().get(piece)) {
          file.unsee(piece);
        }
      }
    }
    // If it comes back, after a quarantine, all that it has counts anew.
    map.clear();
    file.news().openRefresh();
  }

  /** The neighbour tells all that it has and is getting. */
  public static void replaceMap(
      FileSwarm file, NeighbourPieces map, SwarmMessage.Bitfield message, long nowNs) {
    PieceBits have = message.have();
    // Later, what we have reason to believe lost must not come back by hearsay.
    boolean first = !map.isKnown();
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      if (have.get(piece) && !map.have().get(piece)) {
        has(file, piece, nowNs);
      } else if (have.get(piece)
          || message.arriving().get(piece)
          || (first && message.seen().get(piece))) {
        file.saw(piece);
      }
    }
    file.neighbours().replace(map, have, message.arriving());
    map.interested(true);
    file.news().openRefresh();
    file.touch();
  }

  /** The neighbour tells what is new. */
  public static void update(
      FileSwarm file, NeighbourPieces map, SwarmMessage.BitfieldDelta delta, long nowNs) {
    map.interested(true);
    file.touch();
    for (int piece : delta.gone()) {
      if (file.neighbours().lacks(map, piece)) {
        file.news().openRefresh();
      }
    }
    for (int piece : delta.arriving()) {
      if (file.neighbours().isGetting(map, piece)) {
        file.saw(piece);
      }
    }
    for (int piece : delta.have()) {
      file.neighbours().has(map, piece);
      has(file, piece, nowNs);
    }
  }

  private static void has(FileSwarm file, int piece, long nowNs) {
    file.saw(piece);
    if (!file.have().get(piece)) {
      file.standstill().moved(nowNs);
    }
  }

  /** Our own list of it was wrong: the neighbour does have {@code piece}, or does not. */
  public static void correct(FileSwarm file, NeighbourPieces map, int piece, boolean has) {
    if (!file.neighbours().hasTold(map)) {
      return;
    }
    file.touch();
    if (has && !map.covers(piece)) {
      file.neighbours().has(map, piece);
    } else if (!has && file.neighbours().lacks(map, piece)) {
      file.news().openRefresh();
    }
  }

  /** The neighbour passes on what it has heard. */
  public static void hear(FileSwarm file, SwarmMessage.Rumour rumour, long nowNs) {
    for (int piece : rumour.seen()) {
      if (file.saw(piece)) {
        file.standstill().moved(nowNs);
      }
    }
    for (int piece : rumour.demanded()) {
      file.demandedSomewhere(piece);
    }
  }
}
