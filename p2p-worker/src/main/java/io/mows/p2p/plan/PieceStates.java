// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.channel.Remedy;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * How far each piece of one file has come, how often it was tried and until when it rests: the only
 * one who changes a piece's state. {@link PieceTable} says what the states mean. For one thread.
 */
final class PieceStates {
  private static final byte MISSING = 0;
  private static final byte ARRIVING = 1;
  private static final byte LANDED = 2;
  private static final byte HAVE = 3;

  private final byte[] states;
  private final BitSet startable = new BitSet();
  private final PieceAttempts attempts;
  private final LandedPieces landed = new LandedPieces();
  private int arriving;

  PieceStates(int pieceCount, Backoff backoff) {
    this.states = new byte[pieceCount];
    this.attempts = new PieceAttempts(backoff);
    startable.set(0, pieceCount);
  }

  int count() {
    return states.length;
  }

  boolean isArriving(int piece) {
    return states[piece] == ARRIVING;
  }

  boolean isUnderWay(int piece) {
    return states[piece] == ARRIVING || states[piece] == LANDED;
  }

  boolean has(int piece) {
    return states[piece] == HAVE;
  }

  /** Whether {@code piece} may be read from the origin now. */
  boolean isStartable(int piece) {
    return startable.get(piece);
  }

  /** Whether {@code piece} may come from a peer now: also one that the origin does not give. */
  boolean isObtainable(int piece) {
    return startable.get(piece) || attempts.isGivenUp(piece);
  }

  /** Whether all of {@code pieces} before {@code end} were given up. */
  boolean areGivenUp(BitSet pieces, int end) {
    return attempts.areGivenUp(pieces, end);
  }

  /** Whether nothing is on its way or waits to be confirmed. */
  boolean isAtRest() {
    return arriving == 0 && landed.isIdle();
  }

  /** Somebody asks for it: what has been given up is tried again. */
  void wake(int piece) {
    if (!startable.get(piece) && attempts.wake(piece) && states[piece] == MISSING) {
      startable.set(piece);
    }
  }

  void started(int piece) {
    move(piece, MISSING, ARRIVING);
    startable.clear(piece);
    attempts.wake(piece);
  }

  /** All bytes are here. */
  void landed(int piece) {
    move(piece, ARRIVING, LANDED);
    landed.add(piece);
  }

  /** It has come from a peer who knows that it is of our version. */
  void arrived(int piece) {
    move(piece, ARRIVING, HAVE);
    attempts.succeeded(piece);
  }

  /** It is here already; returns false if that is known, or it is on its way. */
  boolean present(int piece) {
    if (states[piece] != MISSING) {
      return false;
    }
    set(piece, HAVE);
    startable.clear(piece);
    attempts.succeeded(piece);
    return true;
  }

  /** The source has not changed; returns false if the piece had not landed. */
  boolean confirmed(int piece) {
    if (states[piece] != LANDED) {
      return false;
    }
    landed.remove(piece);
    set(piece, HAVE);
    attempts.succeeded(piece);
    return true;
  }

  /** It is not coming from there; it may be started again at once. */
  void released(int piece) {
    move(piece, ARRIVING, MISSING);
    startable.set(piece);
  }

  /** It had landed, and its bytes are given up. */
  void dropped(int piece) {
    landed.remove(piece);
    move(piece, LANDED, MISSING);
    startable.set(piece);
  }

  /** It was started but could not be given room; not before {@code untilNs} again. */
  void withdrawn(int piece, long untilNs) {
    move(piece, ARRIVING, MISSING);
    attempts.rest(piece, untilNs);
  }

  /** It did not arrive or could not be confirmed; returns true if it is given up. */
  boolean failed(int piece, Remedy remedy, long nowNs) {
    set(piece, MISSING);
    landed.remove(piece);
    return attempts.failed(piece, remedy, nowNs);
  }

  /** Its bytes are gone again; returns false if it was not here. */
  boolean lost(int piece) {
    if (states[piece] != HAVE) {
      return false;
    }
    set(piece, MISSING);
    startable.set(piece);
    return true;
  }

  /** Hands out the pieces whose rest is over. */
  void endPauses(long nowNs, IntConsumer ended) {
    attempts.endRests(
        nowNs,
        piece -> {
          startable.set(piece, states[piece] == MISSING);
          ended.accept(piece);
        });
  }

  OptionalLong nextRestEndNs() {
    return attempts.nextRestEndNs();
  }

  OptionalLong nextPauseEndNs() {
    return attempts.nextEndNs();
  }

  /** Whether to ask the source now if it is still the same version. */
  boolean wantsQuestion(int batch, BitSet demanded) {
    return landed.wantsQuestion(batch, arriving == 0, demanded);
  }

  /** The question begins; it covers the pieces that are returned. */
  BitSet ask() {
    return landed.ask();
  }

  void answered() {
    landed.answered();
  }

  private void set(int piece, byte state) {
    arriving -= states[piece] == ARRIVING ? 1 : 0;
    states[piece] = state;
    arriving += state == ARRIVING ? 1 : 0;
  }

  private void move(int piece, byte from, byte to) {
    if (states[piece] != from) {
      throw new IllegalStateException(
          "Piece " + piece + " is in state " + states[piece] + " instead of " + from);
    }
    set(piece, to);
  }
}
