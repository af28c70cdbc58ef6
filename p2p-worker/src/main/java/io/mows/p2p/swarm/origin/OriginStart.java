// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.plan.PieceTable;

/** One read to start. Immutable. */
public final class OriginStart {
  private final PieceTable plan;
  private final int piece;
  private final boolean evenUncached;

  OriginStart(PieceTable plan, int piece, boolean evenUncached) {
    this.plan = plan;
    this.piece = piece;
    this.evenUncached = evenUncached;
  }

  public PieceTable plan() {
    return plan;
  }

  public int piece() {
    return piece;
  }

  /** Whether the piece is worth reading even if there is no room to cache it. */
  public boolean evenUncached() {
    return evenUncached;
  }
}
