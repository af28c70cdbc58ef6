// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Why each piece of one file is wanted, by how many readers, and how far ahead of them. Who wants
 * something says it here. Reads how far the pieces have come; does not change it, but wakes what
 * somebody asks for. For one thread.
 */
public final class Wants {
  private final FileLayout layout;
  private final PieceStates pieces;
  private final PlanChanges changes;
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

  Wants(FileLayout layout, PieceStates pieces) {
    this.layout = layout;
    this.pieces = pieces;
    this.changes = new PlanChanges(this::isBacklog);
    this.aheadPieces = pieces.count();
  }

  /** What is told of each change here, and of each of the table that these wants belong to. */
  PlanChanges changes() {
    return changes;
  }

  /** One more reader waits for {@code piece}. */
  public void demand(int piece) {
    lastRead = piece;
    add(demanded, piece, piece);
    waiters.merge(piece, 1, Integer::sum);
    changes.of(piece);
  }

  /** One reader less waits for {@code piece}. */
  public void undemand(int piece) {
    if (waiters.merge(piece, -1, Integer::sum) <= 0) {
      waiters.remove(piece);
      demanded.clear(piece);
      changes.of(piece);
    }
  }

  /** A reader has come to {@code piece}, without having to wait: read-ahead goes on from there. */
  public void reached(int piece) {
    if (lastRead != piece) {
      lastRead = piece;
      changes.tell();
    }
  }

  /** A load wants all pieces of {@code block}. */
  public void loadBlock(int block) {
    int first = layout.firstPieceOfBlock(block);
    int last = layout.lastPieceOfBlock(block);
    add(wanted, first, last);
    changes.of(first, last);
  }

  /** One piece is wanted like those of a load, or not any more. */
  public void setLoaded(int piece, boolean isWanted) {
    wanted.set(piece, isWanted && !pieces.has(piece));
    if (isWanted) {
      pieces.wake(piece);
    }
    changes.of(piece);
  }

  /** {@code piece} and the {@code count} pieces behind it are read without being cached. */
  public void slideWindow(int piece, int count) {
    int last = Math.min(piece + count, pieces.count() - 1);
    window.clear();
    add(window, piece, last);
    changes.of(piece, last);
  }

  /** Read the whole file ahead, {@code budgetBytes} beyond the last awaited piece at most. */
  public void readAhead(long budgetBytes) {
    long count = budgetBytes / layout.pieceBytes();
    int last = pieces.count() - 1;
    aheadPieces = (int) Math.max(1, Math.min(pieces.count(), count));
    add(ahead, 0, last);
    changes.of(0, last);
  }

  /** Undoes {@link #readAhead}: what is under way still comes. */
  public void endReadAhead() {
    ahead.clear();
    changes.of(0, pieces.count() - 1);
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

  /** {@code piece} is here: nobody wants it any more. */
  void arrived(int piece) {
    failed(piece);
    window.clear(piece);
    ahead.clear(piece);
  }

  /** {@code piece} is not tried again by itself: readers and loads do not want it any more. */
  void failed(int piece) {
    demanded.clear(piece);
    wanted.clear(piece);
  }

  /**
   * Readers and loads are told that {@code piece} does not come; those who come later ask anew.
   * What nobody waits for stays wanted, so that it goes on at full width.
   */
  public void dropAwaited(int piece) {
    failed(piece);
    changes.of(piece);
  }

  /** Nobody but a waiting reader wants the pieces from {@code first} to {@code last} any more. */
  public void dropBackground(int first, int last) {
    wanted.clear(first, last + 1);
    ahead.clear(first, last + 1);
    changes.of(first, last);
  }

  /** Whether loads and read-ahead have to wait although they want something. */
  public void holdBackground(boolean isHeld) {
    if (backgroundHeld != isHeld) {
      backgroundHeld = isHeld;
      changes.tell();
    }
  }

  BitSet demanded() {
    return demanded;
  }

  /** Whether a reader waits for {@code piece}. */
  public boolean isAwaited(int piece) {
    return waiters.containsKey(piece);
  }

  /** Whether readers wait for any piece. */
  public boolean isAnyAwaited() {
    return !waiters.isEmpty();
  }

  /** Whether {@code piece} is wanted although it will not be cached. */
  public boolean isWantedUncached(int piece) {
    return isAwaited(piece) || window.get(piece);
  }

  /** Read-ahead has stopped at its budget; it goes on when a reader comes nearer. */
  public boolean hasMoreAhead() {
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

  /** How many pieces are wanted and not started. */
  public int backlog() {
    return changes.backlog();
  }

  /** Whether {@code piece} may be started and is wanted, other than to be streamed. */
  private boolean isBacklog(int piece) {
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
