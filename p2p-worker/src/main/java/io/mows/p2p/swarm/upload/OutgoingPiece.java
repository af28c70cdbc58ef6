// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.upload;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import java.util.List;

/** A piece that goes, or may go, to a neighbour. Immutable. */
final class OutgoingPiece {
  final NeighbourPieces map;
  final FileSwarm file;
  final int piece;
  final long sinceNs;

  OutgoingPiece(NeighbourPieces map, FileSwarm file, int piece, long sinceNs) {
    this.map = map;
    this.file = file;
    this.piece = piece;
    this.sinceNs = sinceNs;
  }

  /** Whether it is one copy more of this piece of which its receiver has not told us yet. */
  boolean isNewsOf(FileSwarm other, int otherPiece) {
    return piece == otherPiece && file == other && !map.covers(piece);
  }

  /** That of {@code piece} to {@code neighbour}, or null. */
  static OutgoingPiece find(
      List<OutgoingPiece> uploads, Neighbour neighbour, FileSwarm file, int piece) {
    for (int i = 0; i < uploads.size(); i++) {
      OutgoingPiece upload = uploads.get(i);
      if (upload.map.neighbour() == neighbour && upload.file == file && upload.piece == piece) {
        return upload;
      }
    }
    return null;
  }
}
