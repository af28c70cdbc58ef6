// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Why each piece of one file is wanted, by how many readers, and how far ahead of them. For one
 * thread.
 */
final class Wants {
  final BitSet demanded = new BitSet();
  final BitSet wanted = new BitSet();
  final BitSet window = new BitSet();
  final BitSet ahead = new BitSet();
  private final Map<Priority, BitSet> byInterest =
      Map.of(
          Priority.READER, demanded,
          Priority.LOAD, wanted,
          Priority.STREAM, window,
          Priority.READ_AHEAD, ahead);
  private final Map<Integer, Integer> waiters = new HashMap<>();
  private final int pieceCount;
  private final BitSet startable;
  private int lastRead;
  private int aheadPieces;

  /**
   * @param startable the pieces that may be started now; changed by the plan
   */
  Wants(int pieceCount, BitSet startable) {
    this.pieceCount = pieceCount;
    this.startable = startable;
    this.aheadPieces = pieceCount;
  }

  BitSet of(Priority priority) {
    return byInterest.get(priority);
  }

  /** The next piece to start for this reason; see {@link PieceTable#next}. */
  OptionalInt next(Priority priority, IntUnaryOperator gate) {
    BitSet set = of(priority);
    int last = priority == Priority.READ_AHEAD ? lastAhead() : pieceCount - 1;
    int piece = set.nextSetBit(0);
    while (piece >= 0 && piece <= last) {
      int open = gate.applyAsInt(piece);
      if (open == piece && startable.get(piece)) {
        return OptionalInt.of(piece);
      }
      piece = open < 0 ? -1 : set.nextSetBit(Math.max(open, piece + 1));
    }
    return OptionalInt.empty();
  }

  /** The first of {@code pieces} from {@code from} on that may be started, or -1. */
  int nextStartable(BitSet pieces, int from) {
    int piece = pieces.nextSetBit(from);
    while (piece >= 0 && !startable.get(piece)) {
      piece = pieces.nextSetBit(piece + 1);
    }
    return piece;
  }

  /** Nobody wants {@code piece} any more. */
  void drop(int piece) {
    demanded.clear(piece);
    wanted.clear(piece);
    window.clear(piece);
    ahead.clear(piece);
  }

  /** Neither loads nor read-ahead want the pieces from {@code first} to {@code last}. */
  void dropBackground(int first, int last) {
    wanted.clear(first, last + 1);
    ahead.clear(first, last + 1);
  }

  /** One more reader waits for {@code piece}. */
  void waiterCame(int piece) {
    waiters.merge(piece, 1, Integer::sum);
  }

  /** One less does; returns whether nobody waits any more. */
  boolean waiterLeft(int piece) {
    boolean last = waiters.merge(piece, -1, Integer::sum) <= 0;
    if (last) {
      waiters.remove(piece);
      demanded.clear(piece);
    }
    return last;
  }

  boolean isAwaited(int piece) {
    return waiters.containsKey(piece);
  }

  boolean isAnyAwaited() {
    return !waiters.isEmpty();
  }

  /** A reader is at {@code piece}; returns false if that is no news. */
  boolean reached(int piece) {
    boolean news = lastRead != piece;
    lastRead = piece;
    return news;
  }

  /** Read-ahead stays within so many pieces of the reader. */
  void limitAhead(long pieces) {
    aheadPieces = (int) Math.max(1, Math.min(pieceCount, pieces));
  }

  /** The last piece that is read ahead now. */
  int lastAhead() {
    return lastRead + aheadPieces;
  }

  /** Nobody but readers gets anything: no load, no read-ahead. */
  boolean isOnDemand() {
    return wanted.isEmpty() && ahead.isEmpty();
  }

  /** Whether it is wanted, other than to be streamed. */
  boolean isBacklog(int piece) {
    return demanded.get(piece) || wanted.get(piece) || ahead.get(piece);
  }

  boolean isForReaders(int piece) {
    return demanded.get(piece) || window.get(piece);
  }

  boolean isForBackground(int piece) {
    return wanted.get(piece) || (ahead.get(piece) && piece <= lastAhead());
  }
}
