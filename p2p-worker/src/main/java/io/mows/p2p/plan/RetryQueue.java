// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/** The pieces that are not to be started again before some time has passed. For one thread. */
final class RetryQueue {
  private final PriorityQueue<Pause> pauses =
      new PriorityQueue<>((a, b) -> Long.signum(a.endNs - b.endNs));

  void add(int piece, long endNs) {
    pauses.add(new Pause(piece, endNs));
  }

  /** Hands out the pieces whose pause is over. */
  void end(long nowNs, IntConsumer ended) {
    while (!pauses.isEmpty() && pauses.peek().endNs - nowNs <= 0) {
      ended.accept(pauses.poll().piece);
    }
  }

  OptionalLong nextEndNs() {
    return pauses.isEmpty() ? OptionalLong.empty() : OptionalLong.of(pauses.peek().endNs);
  }

  private static final class Pause {
    private final int piece;
    private final long endNs;

    Pause(int piece, long endNs) {
      this.piece = piece;
      this.endNs = endNs;
    }
  }
}
