// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

/**
 * For how long nothing has brought a file forward, and for how long its reader has waited for a
 * piece. To be told whenever the plan of the file has changed. For one thread.
 */
public final class Standstill {
  private boolean isIdle;
  private long movedNs;
  private int demandedPiece = -1;
  private long demandedSinceNs;

  /** Something has moved. */
  public void moved(long nowNs) {
    movedNs = nowNs;
  }

  /**
   * The plan has changed.
   *
   * @return a piece that a reader waits for since then, or -1
   */
  public int planChanged(PieceTable plan, long nowNs) {
    boolean wasIdle = isIdle;
    isIdle = plan.isIdle();
    if (isIdle || wasIdle) {
      // Nothing was to be brought forward: what is wanted now has not been waited for.
      movedNs = nowNs;
    }
    int piece = plan.wants().nextDemanded(0);
    if (piece == demandedPiece) {
      return -1;
    }
    demandedPiece = piece;
    demandedSinceNs = nowNs;
    return piece;
  }

  /** How long nothing has moved that should have. */
  public long quietNs(long nowNs) {
    return isIdle ? 0 : nowNs - movedNs;
  }

  /** The first piece that a reader waits for, if it has waited that long, or -1. */
  public int overdue(long patienceNs, long nowNs) {
    return demandedPiece >= 0 && nowNs - demandedSinceNs > patienceNs ? demandedPiece : -1;
  }

  /** Whether a reader waits for a piece that may be started. */
  public boolean isDemanded() {
    return demandedPiece >= 0;
  }
}
