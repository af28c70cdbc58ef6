// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import java.util.function.IntUnaryOperator;

/** Which pieces of a file may be read from the origin now. */
public interface ReadGate extends IntUnaryOperator {
  /** All may be. */
  ReadGate OPEN = piece -> piece;

  /** The first piece from {@code from} on that may be read, or -1. */
  @Override
  int applyAsInt(int from);

  /** Whether none may be now, and nobody says when that is over. */
  default boolean isShutForNow() {
    return false;
  }
}
