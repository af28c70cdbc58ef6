// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.plan.PieceTable;

/** The piece for which a reader waits and that has the link to itself, until when at most. */
final class HeadStart {
  static final long LENGTH_NS = 1_000_000_000L;

  private PieceTable plan;
  private int piece;
  private boolean hadOne;
  private long endNs;

  /** Another piece has it; the time goes on if one had it already. */
  void give(PieceTable ofPlan, int newPiece, long nowNs) {
    if (!isUnderWay()) {
      hadOne = true;
      endNs = nowNs + LENGTH_NS;
    }
    plan = ofPlan;
    piece = newPiece;
  }

  void endIfOver(long nowNs) {
    if (plan != null && nowNs - endNs >= 0) {
      plan = null;
    }
  }

  /** The file is not fetched any more. */
  void forget(PieceTable ofPlan) {
    if (plan == ofPlan) {
      plan = null;
    }
  }

  boolean isUnderWay() {
    return plan != null && plan.isUnderWay(piece);
  }

  /** Half of the time belongs to the others, however often readers jump. */
  boolean hasRested(long nowNs) {
    return !hadOne || nowNs - endNs >= LENGTH_NS;
  }

  long endNs() {
    return endNs;
  }
}
