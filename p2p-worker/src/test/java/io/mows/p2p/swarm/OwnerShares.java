// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmSettings;

/** Tells those that play peers in a test which pieces a worker reads from the origin itself. */
public final class OwnerShares {
  private OwnerShares() {}

  /** The pieces of a file that {@code self} owns while all of {@code peers} fetch it. */
  public static PieceBits of(long self, long affinity, long fileId, int pieces, long[] peers) {
    SwarmSettings settings = new SwarmSettings.Builder().build();
    Ownership ownership =
        new Ownership(affinity, fileId, self, pieces, settings.owners(), settings.stripePieces());
    ownership.update(peers);
    return ownership.mine().copy();
  }
}
