// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMessage;

/** What changes of a file by what its neighbours say, and by what they no longer say. */
public final class Hearsay {
  private Hearsay() {}

  /** What the loss of a neighbour means for what it had and no other neighbour has. */
  enum Loss {
    /** In a large swarm: others have it, of which we do not hear directly. */
    ONE_OF_MANY,
    /** All others tell us what they have: it is nowhere else. */
    ALL_KNOWN,
    /** The neighbour had it from before: it is nowhere else, or on its way from there. */
    SOURCE
  }

  /** Forgets what a neighbour has that is not to be believed any more. */
  public static void forget(FileSwarm file, Neighbour neighbour) {
    forget(file, file.neighbours().of(neighbour.peerId()), Loss.ALL_KNOWN);
  }

  /** Counts what the neighbour has no more. */
  static void forget(FileSwarm file, NeighbourPieces map, Loss loss) {
    if (!file.neighbours().leave(map)) {
      return;
    }
    if (loss == Loss.SOURCE) {
      file.neighbours().lostSource();
    }
    file.touch();
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      if (map.covers(piece)) {
        file.neighbours().less(piece);
        boolean unsure = loss != Loss.ONE_OF_MANY || map.arriving().get(piece);
        if (unsure && !file.have().get(piece) && !isLeft(file, piece, loss)) {
          file.unsee(piece);
        }
      }
    }
    // If it comes back, after a quarantine, all that it has counts anew.
    map.clear();
    file.news().openRefresh();
  }

  /** Who was getting it may have been getting it from the one that is lost. */
  private static boolean isLeft(FileSwarm file, int piece, Loss loss) {
    return loss == Loss.SOURCE ? file.neighbours().isHad(piece) : file.copies(piece) > 0;
  }

  /** The neighbour tells all that it has and is getting. */
  public static void replaceMap(
      FileSwarm file, NeighbourPieces map, SwarmMessage.Bitfield message, long nowNs) {
    PieceBits have = message.have();
    // Later, what we have reason to believe lost must not come back by hearsay.
    boolean first = !map.isKnown() && !file.neighbours().hasLostSource();
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
