// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Why each piece of one file is wanted, by how many readers, and how far ahead of them. Reads how
 * far the pieces have come; does not change it, but wakes what somebody asks for. For one thread.
 */
public final class Wants {
  private final PieceStates pieces;
  private final BitSet demanded = new BitSet();
  private final BitSet wanted = new BitSet();
  private final BitSet window = new BitSet();
  private final BitSet ahead = new BitSet();
  private final Map<Priority, BitSet> byPriority =
      Map.of(
          Priority.READER, demanded,
          Priority.LOAD, wanted,
          Priority.STREAM, window,
          Priority.READ_AHEAD, ahead);
  private final Map<Integer, Integer> waiters = new HashMap<>();
  private int lastRead;
  private int aheadPieces;
  private boolean backgroundHeld;

  Wants(PieceStates pieces) {
    this.pieces = pieces;
    this.aheadPieces = pieces.count();
  }

  /** One more reader waits for {@code piece}. */
  void demand(int piece) {
    reached(piece);
    add(demanded, piece, piece);
    waiters.merge(piece, 1, Integer::sum);
  }

  /** One less does; returns whether nobody waits any more. */
  boolean undemand(int piece) {
    boolean last = waiters.merge(piece, -1, Integer::sum) <= 0;
    if (last) {
      waiters.remove(piece);
      demanded.clear(piece);
    }
    return last;
  }

  /** A reader is at {@code piece}; returns false if that is no news. */
  boolean reached(int piece) {
    boolean news = lastRead != piece;
    lastRead = piece;
    return news;
  }

  /** A load wants the pieces from {@code first} to {@code last}. */
  void load(int first, int last) {
    add(wanted, first, last);
  }

  /** One piece is wanted like those of a load, or not any more. */
  void setLoaded(int piece, boolean isWanted) {
    wanted.set(piece, isWanted && !pieces.has(piece));
    if (isWanted) {
      pieces.wake(piece);
    }
  }

  /** Only {@code piece} and the {@code count} pieces behind it are read uncached. */
  void slideWindow(int piece, int count) {
    window.clear();
    add(window, piece, Math.min(piece + count, pieces.count() - 1));
  }

  /** The whole file is read ahead, within so many pieces of the reader. */
  void readAhead(long count) {
    aheadPieces = (int) Math.max(1, Math.min(pieces.count(), count));
    add(ahead, 0, pieces.count() - 1);
  }

  void endReadAhead() {
    ahead.clear();
  }

  private void add(BitSet set, int first, int last) {
    for (int piece = first; piece <= last; piece++) {
      if (!pieces.has(piece)) {
        set.set(piece);
        pieces.wake(piece);
      }
    }
  }

  /** {@code piece} is gone again: those who wait for it want it anew. */
  void lost(int piece) {
    demanded.set(piece, demanded.get(piece) || isAwaited(piece));
  }

  /** Nobody wants {@code piece} any more. */
  void drop(int piece) {
    dropAwaited(piece);
    window.clear(piece);
    ahead.clear(piece);
  }

  /** Readers and loads do not want {@code piece} any more. */
  void dropAwaited(int piece) {
    demanded.clear(piece);
    wanted.clear(piece);
  }

  /** Neither loads nor read-ahead want the pieces from {@code first} to {@code last}. */
  void dropBackground(int first, int last) {
    wanted.clear(first, last + 1);
    ahead.clear(first, last + 1);
  }

  /** Whether loads and read-ahead have to wait; returns false if that is no news. */
  boolean holdBackground(boolean isHeld) {
    boolean isNews = backgroundHeld != isHeld;
    backgroundHeld = isHeld;
    return isNews;
  }

  BitSet demanded() {
    return demanded;
  }

  boolean isAwaited(int piece) {
    return waiters.containsKey(piece);
  }

  boolean isAnyAwaited() {
    return !waiters.isEmpty();
  }

  boolean isWantedUncached(int piece) {
    return isAwaited(piece) || window.get(piece);
  }

  boolean hasMoreAhead() {
    return !ahead.isEmpty();
  }

  /** Whether nothing is wanted that is tried before a reader asks again. */
  boolean isIdle() {
    return waiters.isEmpty()
        && demanded.isEmpty()
        && wanted.isEmpty()
        && pieces.areGivenUp(window, pieces.count())
        && pieces.areGivenUp(ahead, lastAhead() + 1);
  }

  /** Whether {@code piece} may be started and is wanted, other than to be streamed. */
  boolean isBacklog(int piece) {
    return pieces.isStartable(piece)
        && (demanded.get(piece) || wanted.get(piece) || ahead.get(piece));
  }

  private int lastAhead() {
    return lastRead + aheadPieces;
  }

  /** As {@link PieceTable#next}, pauses aside. */
  OptionalInt next(Priority priority, IntUnaryOperator gate) {
    boolean isBackground = priority == Priority.LOAD || priority == Priority.READ_AHEAD;
    if (backgroundHeld && isBackground) {
      return OptionalInt.empty();
    }
    BitSet set = byPriority.get(priority);
    int last = priority == Priority.READ_AHEAD ? lastAhead() : pieces.count() - 1;
    int piece = set.nextSetBit(0);
    while (piece >= 0 && piece <= last) {
      int open = gate.applyAsInt(piece);
      if (open == piece && pieces.isStartable(piece)) {
        return OptionalInt.of(piece);
      }
      piece = open < 0 ? -1 : set.nextSetBit(Math.max(open, piece + 1));
    }
    return OptionalInt.empty();
  }

  /** Whether {@code piece} is wanted like those of a load. */
  public boolean isLoaded(int piece) {
    return wanted.get(piece);
  }

  /** Whether any piece is wanted for this reason, now or later. */
  public boolean isAny(Priority priority) {
    return !byPriority.get(priority).isEmpty();
  }

  /** Whether {@code piece} may be started now, or got from a peer, and anybody wants it. */
  public boolean needs(int piece) {
    return pieces.isObtainable(piece)
        && (demanded.get(piece)
            || window.get(piece)
            || (!backgroundHeld && isForBackground(piece)));
  }

  private boolean isForBackground(int piece) {
    return wanted.get(piece) || (ahead.get(piece) && piece <= lastAhead());
  }

  /** Nobody but readers gets anything: no load, no read-ahead. */
  public boolean isOnDemand() {
    return backgroundHeld || (wanted.isEmpty() && ahead.isEmpty());
  }

  /** The first piece from {@code from} on that a reader waits for and may be started, or -1. */
  public int nextDemanded(int from) {
    return nextStartable(demanded, from);
  }

  /** The first piece from {@code from} on that follows what is read uncached, or -1. */
  public int nextInWindow(int from) {
    return nextStartable(window, from);
  }

  private int nextStartable(BitSet set, int from) {
    int piece = set.nextSetBit(from);
    while (piece >= 0 && !pieces.isStartable(piece)) {
      piece = set.nextSetBit(piece + 1);
    }
    return piece;
  }
}
