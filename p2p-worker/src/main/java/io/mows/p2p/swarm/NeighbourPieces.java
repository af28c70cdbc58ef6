// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.PieceBits;

/** What one neighbour has and is getting of one file, as far as it has told us. */
final class NeighbourPieces {
  final Neighbour link;

  /** Replaced, never changed by others: comes from a message. */
  PieceBits have;

  PieceBits arriving;

  /** It may take what we offer: it has not said otherwise since it or we have had news. */
  boolean interested = true;

  /** We have told it that we want nothing that it has. */
  boolean declined;

  /** It takes part in the file's swarm: it has sent its map. Changed by {@link FileNeighbours}. */
  boolean known;

  long nextRefreshNs;

  NeighbourPieces(Neighbour link, int pieceCount) {
    this.link = link;
    this.have = new PieceBits(pieceCount);
    this.arriving = new PieceBits(pieceCount);
  }

  /** Whether it has or is getting {@code piece}. */
  boolean covers(int piece) {
    return have.get(piece) || arriving.get(piece);
  }
}
