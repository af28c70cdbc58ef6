// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.BitSet;

/**
 * The pieces of one file whose bytes are here and whose version is still to be confirmed, and
 * whether the source is being asked. For one thread.
 */
final class LandedPieces {
  private final BitSet pieces = new BitSet();
  private boolean asking;

  void add(int piece) {
    pieces.set(piece);
  }

  void remove(int piece) {
    pieces.clear(piece);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Whether nothing has landed and nothing is being asked. */
  boolean isIdle() {
    return pieces.isEmpty() && !asking;
  }

  /**
   * Whether to ask now.
   *
   * @param isLast whether nothing else is on its way
   */
  boolean wantsQuestion(int batch, boolean isLast, BitSet demanded) {
    return !asking
        && !pieces.isEmpty()
        && (isLast || pieces.cardinality() >= batch || pieces.intersects(demanded));
  }

  /** The question begins; it covers the pieces that are returned. */
  BitSet ask() {
    asking = true;
    return (BitSet) pieces.clone();
  }

  void answered() {
    asking = false;
  }
}
