// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.IntList;

/** What the neighbours have yet to be told of one file, and when. For one thread. */
public final class FileNews {
  private final IntList have = new IntList();
  private final IntList arriving = new IntList();
  private final IntList gone = new IntList();
  private final IntList seen = new IntList();
  private final IntList demanded = new IntList();
  private boolean hasSeenMore;
  private boolean toldFull;
  private boolean isRefreshOpen = true;
  private boolean hasDeclined;
  private long refreshNs;

  void has(int piece) {
    have.add(piece);
  }

  void isGetting(int piece) {
    arriving.add(piece);
  }

  /** Who is told of both would take it for one that is here. */
  void lacks(int piece) {
    have.remove(piece);
    arriving.remove(piece);
    gone.add(piece);
    isRefreshOpen = true;
  }

  void saw(int piece) {
    seen.add(piece);
    hasSeenMore = true;
  }

  void demands(int piece) {
    demanded.add(piece);
  }

  /** Whether there is anything about our own pieces. */
  public boolean isAny() {
    return !have.isEmpty() || !arriving.isEmpty() || !gone.isEmpty();
  }

  /** There is something that others may pass on, but it need not be told at once. */
  public boolean hasRumours() {
    return hasSeen() || !demanded.isEmpty();
  }

  /** Whether something has been seen that others may not know of. */
  public boolean hasSeen() {
    return !seen.isEmpty();
  }

  /** Whether something has been seen since {@link #lookedAt}. */
  boolean hasSeenMore() {
    return hasSeenMore;
  }

  public void lookedAt() {
    hasSeenMore = false;
  }

  /** Those that came; they are no news any more. So with the next ones. */
  public int[] takeHave() {
    return have.drain();
  }

  public int[] takeArriving() {
    return arriving.drain();
  }

  public int[] takeGone() {
    return gone.drain();
  }

  public int[] takeSeen() {
    return seen.drain();
  }

  public int[] takeDemanded() {
    return demanded.drain();
  }

  /** Whether our last delta said that we take no more pieces now. */
  public boolean hasToldFull() {
    return toldFull;
  }

  public void toldFull(boolean isFull) {
    toldFull = isFull;
  }

  /** Somebody has less than before: when to tell all again is to be worked out. */
  void openRefresh() {
    isRefreshOpen = true;
  }

  /** We may want after all what has been declined. */
  public void hasDeclined() {
    hasDeclined = true;
  }

  /** Whether to look whom to tell all again. */
  public boolean isRefreshDue(long nowNs) {
    return isRefreshOpen || hasDeclined || refreshNs - nowNs <= 0;
  }

  /** That is being looked at; the next time is then, unless it is sooner. */
  public void refreshed(long nextNs) {
    isRefreshOpen = false;
    hasDeclined = false;
    refreshNs = nextNs;
  }

  public void refreshNoLaterThan(long atNs) {
    if (atNs - refreshNs < 0) {
      refreshNs = atNs;
    }
  }
}
