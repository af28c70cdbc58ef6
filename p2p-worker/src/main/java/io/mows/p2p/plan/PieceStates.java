// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

/** How far each piece of one file has come; see {@link PieceTable}. For one thread. */
final class PieceStates {
  static final byte MISSING = 0;
  static final byte ARRIVING = 1;
  static final byte LANDED = 2;
  static final byte HAVE = 3;

  private final byte[] states;
  private int arriving;

  PieceStates(int pieceCount) {
    this.states = new byte[pieceCount];
  }

  boolean is(int piece, byte state) {
    return states[piece] == state;
  }

  /** How many pieces are {@link #ARRIVING}. */
  int arriving() {
    return arriving;
  }

  void set(int piece, byte state) {
    arriving -= is(piece, ARRIVING) ? 1 : 0;
    states[piece] = state;
    arriving += state == ARRIVING ? 1 : 0;
  }

  /** As {@link #set}, which makes sense only if {@code piece} is in state {@code from}. */
  void move(int piece, byte from, byte to) {
    if (!is(piece, from)) {
      throw new IllegalStateException(
          "Piece " + piece + " is in state " + states[piece] + " instead of " + from);
    }
    set(piece, to);
  }
}
