// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Standstill;

/** How one file is fetched, while it is. For one thread. */
public final class FileFetching {
  private final Standstill standstill = new Standstill();

  /** Null if the file is only served. */
  private PieceTable plan;

  private Runnable planWatcher;
  private Runnable onOpened = () -> {};
  private boolean shared;
  private boolean completeElsewhere;
  private boolean desperate;

  /**
   * The file is to be fetched.
   *
   * @param isShared whether other peers may have the file: the origin is not ours alone
   * @param watcher has run when {@code newPlan} has changed
   */
  public void begin(PieceTable newPlan, boolean isShared, Runnable watcher) {
    plan = newPlan;
    shared = isShared;
    planWatcher = watcher;
    plan.onChange(watcher);
  }

  /** It is fetched no longer. */
  public void end() {
    plan.offChange(planWatcher);
    plan = null;
    shared = false;
    onOpened = () -> {};
  }

  PieceTable plan() {
    return plan;
  }

  boolean isShared() {
    return shared;
  }

  /** Whether anything brings this file forward. */
  Standstill standstill() {
    return standstill;
  }

  /** Has {@code watcher} run when more of it may be read from the origin than before. */
  public void onOpened(Runnable watcher) {
    onOpened = watcher;
  }

  void opened() {
    onOpened.run();
  }

  /** Whether a live peer is known to have all of the file: no need of the origin. */
  public boolean isCompleteElsewhere() {
    return completeElsewhere;
  }

  public void completeElsewhere(boolean isComplete) {
    completeElsewhere = isComplete;
  }

  /** Whether nothing has moved for long: anybody who has the file is looked for. */
  public boolean isDesperate() {
    return desperate;
  }

  public void desperate(boolean isDesperate) {
    desperate = isDesperate;
  }

  /** As {@link Standstill#planChanged}. */
  int planChanged(long nowNs) {
    return plan == null ? -1 : standstill.planChanged(plan, nowNs);
  }

  /**
   * Whether the file may have to be asked for at peers: a reader waits, or follows close behind.
   */
  public boolean isPulling() {
    return plan != null
        && (standstill.isDemanded() || (isOnDemand() && plan.wants().nextInWindow(0) >= 0));
  }

  /** Whether nothing but what readers want is wanted of the shared file. */
  public boolean isOnDemand() {
    return plan != null && shared && plan.wants().isOnDemand();
  }

  boolean needs(int piece) {
    return plan != null && shared && plan.wants().needs(piece);
  }
}
