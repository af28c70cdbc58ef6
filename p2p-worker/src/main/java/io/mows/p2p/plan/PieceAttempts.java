// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.channel.Remedy;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * How often pieces were tried and how long they rest after that. A piece that was given up rests
 * for longer: nobody waits for it, but read-ahead still wants it. Whoever asks for it wakes it up.
 * For one thread.
 */
final class PieceAttempts {
  /** After that long, read-ahead tries again what was given up. */
  static final long GIVEN_UP_NS = 60_000_000_000L;

  private final Backoff backoff;
  private final Map<Integer, Integer> counts = new HashMap<>();
  private final BitSet givenUp = new BitSet();
  private final RetryQueue pauses = new RetryQueue();
  private final RetryQueue longRests = new RetryQueue();

  PieceAttempts(Backoff backoff) {
    this.backoff = backoff;
  }

  /**
   * An attempt failed: the piece rests.
   *
   * @return true if that was the last one that those who wait are left waiting for
   */
  boolean failed(int piece, Remedy remedy, long nowNs) {
    int count = counts.merge(piece, 1, Integer::sum);
    if (remedy == Remedy.STOP || backoff.givesUpAfter(count)) {
      counts.remove(piece);
      givenUp.set(piece);
      longRests.add(piece, nowNs + GIVEN_UP_NS);
      return true;
    }
    pauses.add(piece, nowNs + backoff.pauseNs(count, piece));
    return false;
  }

  /** Not an attempt: the piece rests until then. */
  void rest(int piece, long untilNs) {
    pauses.add(piece, untilNs);
  }

  /**
   * Somebody asks for the piece.
   *
   * @return true if it had been given up and may be tried at once
   */
  boolean wake(int piece) {
    boolean wasGivenUp = givenUp.get(piece);
    givenUp.clear(piece);
    return wasGivenUp;
  }

  /** The piece is here. */
  void succeeded(int piece) {
    counts.remove(piece);
    givenUp.clear(piece);
  }

  boolean isGivenUp(int piece) {
    return givenUp.get(piece);
  }

  /** Whether all of {@code pieces} before {@code end} were given up. */
  boolean areGivenUp(BitSet pieces, int end) {
    int piece = pieces.nextSetBit(0);
    while (piece >= 0 && givenUp.get(piece)) {
      piece = pieces.nextSetBit(piece + 1);
    }
    return piece < 0 || piece >= end;
  }

  /** Hands out the pieces whose rest is over. */
  void endRests(long nowNs, IntConsumer ended) {
    pauses.end(nowNs, ended);
    longRests.end(
        nowNs,
        piece -> {
          if (wake(piece)) {
            ended.accept(piece);
          }
        });
  }

  /** When the next rest ends, of a piece that was given up as well. */
  OptionalLong nextRestEndNs() {
    OptionalLong next = pauses.nextEndNs();
    return next.isPresent() ? next : longRests.nextEndNs();
  }

  /** When the next rest ends of a piece that was not given up. */
  OptionalLong nextEndNs() {
    return pauses.nextEndNs();
  }
}
