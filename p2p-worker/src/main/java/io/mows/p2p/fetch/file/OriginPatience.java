// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Origins;
import io.mows.p2p.fetch.table.WaitingReaders;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.Optional;

/**
 * How long the readers and loads of one file wait for an origin that is away or denies it. When
 * patience is at its end they are told; read-ahead stays wanted, so all goes on at full width when
 * the origin is back. For the engine's thread.
 */
public final class OriginPatience {
  private final FileSpec file;
  private final FetchState state;
  private final PieceTable plan;
  private final WaitingReaders readers;
  private final FileLoads loads;
  private boolean told;

  public OriginPatience(
      FileSpec file, FetchState state, PieceTable plan, WaitingReaders readers, FileLoads loads) {
    this.file = file;
    this.state = state;
    this.plan = plan;
    this.readers = readers;
    this.loads = loads;
  }

  /** What the file waits for, if that is its origin. */
  public Optional<OriginWait> originWait(long nowNs) {
    Optional<OriginWait> outage = state.origins().outage(file, nowNs);
    return outage.isEmpty() && needsOrigin() ? state.origins().silence(file, nowNs) : outage;
  }

  /** Whether the origin was asked, or would be if it had answered others; else peers are. */
  private boolean needsOrigin() {
    boolean isHeldUp = readers.count() > 0 && !plan.isUnderWay(readers.firstPiece());
    return isHeldUp || state.origins().gates().isAsked(file.fileId());
  }

  /** The origin has been asked, and is still away or denies: who came since is told as well. */
  public void refused() {
    state.origins().outage(file, state.nowNs()).filter(OriginWait::isOverdue).ifPresent(this::tell);
  }

  /** To be called now and then: an origin that does not answer at all must not be waited for. */
  public void sweep(long nowNs) {
    Optional<OriginWait> wait = originWait(nowNs);
    wait.filter(now -> now.fault() == OriginFault.SILENT).ifPresent(this::say);
    Optional<OriginWait> overdue = wait.filter(OriginWait::isOverdue);
    if (overdue.isEmpty()) {
      told = false;
    } else if (!told) {
      tell(overdue.get());
    }
  }

  private void say(OriginWait wait) {
    if (readers.count() > 0 || !loads.isNobodyWaiting()) {
      state.metrics().originSilent(wait, readers.with(loads.size()));
    }
  }

  private void tell(OriginWait wait) {
    told = true;
    OriginException why = Origins.refusal(wait);
    long offset = file.layout().pieceOffset(readers.firstPiece());
    boolean anybody = loads.failAwaited(why);
    for (int piece : readers.pieces()) {
      if (!plan.isArriving(piece)) {
        plan.wants().dropAwaited(piece);
        readers.wake(piece, why);
        anybody = true;
      }
    }
    if (anybody) {
      state.metrics().originGivenUp(wait, offset);
    }
  }

  /** Whether nobody waits any more, and what is read ahead cannot be had for now. */
  public boolean isForNobody() {
    return told && !plan.wants().isAnyAwaited() && loads.isNobodyWaiting();
  }
}
