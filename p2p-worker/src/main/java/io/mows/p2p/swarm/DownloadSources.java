// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Patience;
import java.util.List;

/** Whom to ask for a piece. */
final class DownloadSources {
  private final Patience patience;
  private int rotation;

  DownloadSources(Patience patience) {
    this.patience = patience;
  }

  /** The next time, another one of equals is asked. */
  void rotate() {
    rotation++;
  }

  /** Neighbour number {@code i} of {@code map}'s file, counted from another one each time. */
  NeighbourPieces at(List<NeighbourPieces> neighbours, int i) {
    return neighbours.get((rotation + i) % neighbours.size());
  }

  /**
   * The least loaded neighbour that has {@code piece}, or null; the own group before the warm-up
   * group.
   *
   * @param except not this one; null for any
   */
  NeighbourPieces of(FileSwarm file, int piece, Neighbour except, long nowNs) {
    NeighbourPieces best = null;
    List<NeighbourPieces> neighbours = file.neighbours().told();
    for (int i = 0; i < neighbours.size(); i++) {
      NeighbourPieces map = at(neighbours, i);
      boolean usable =
          map.have().get(piece) && map.neighbour() != except && map.neighbour().mayBeAsked(nowNs);
      if (usable && (best == null || compare(map.neighbour(), best.neighbour()) < 0)) {
        best = map;
      }
    }
    return best;
  }

  private int compare(Neighbour one, Neighbour other) {
    int byRole = one.role().compareTo(other.role());
    double typical = patience.typicalBytesPerNs();
    return byRole != 0 ? byRole : Double.compare(one.load(typical), other.load(typical));
  }
}
