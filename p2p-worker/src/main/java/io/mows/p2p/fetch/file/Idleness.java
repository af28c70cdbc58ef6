// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.table.IdleTime;
import io.mows.p2p.plan.PieceTable;

/**
 * Knows when a fetch can end: nothing has been wanted of it for a while. For the engine's thread.
 */
final class Idleness {
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final FileLoads loads;
  private final FileVerifier verifier;
  private final OriginPatience patience;
  private final IdleTime idleTime = new IdleTime();

  Idleness(
      PieceTable plan,
      ArrivedPieces pieces,
      FileBlocks blocks,
      FileLoads loads,
      FileVerifier verifier,
      OriginPatience patience) {
    this.plan = plan;
    this.pieces = pieces;
    this.blocks = blocks;
    this.loads = loads;
    this.verifier = verifier;
    this.patience = patience;
  }

  /** What has nothing to lose need not linger, nor what is broken. */
  boolean isOver(boolean broken, long nowNs, long lingerNs) {
    boolean busy = !plan.isIdle() || !loads.isNobodyWaiting() || verifier.isBusy();
    boolean idle = !blocks.isBusy() && (!busy || patience.isForNobody());
    boolean lingers =
        !broken && (pieces.holdsAside() || blocks.holdsUnfinished() || plan.wants().hasMoreAhead());
    return idleTime.reaches(lingers ? lingerNs : 0, idle, nowNs);
  }
}
