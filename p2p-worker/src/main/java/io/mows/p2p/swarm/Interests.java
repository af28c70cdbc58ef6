// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import java.util.BitSet;
import java.util.Map;

/** Which pieces are wanted, and why. For one thread. */
final class Interests {
  final BitSet demanded = new BitSet();
  final BitSet wanted = new BitSet();
  final BitSet window = new BitSet();
  final BitSet ahead = new BitSet();
  private final Map<Interest, BitSet> byInterest =
      Map.of(
          Interest.DEMANDED, demanded,
          Interest.WANTED, wanted,
          Interest.WINDOW, window,
          Interest.AHEAD, ahead);

  BitSet of(Interest interest) {
    return byInterest.get(interest);
  }

  /** Nobody wants {@code piece} any more. */
  void drop(int piece) {
    byInterest.values().forEach(pieces -> pieces.clear(piece));
  }

  /** Neither loads nor read-ahead want the pieces from {@code first} to {@code last}. */
  void dropBackground(int first, int last) {
    wanted.clear(first, last + 1);
    ahead.clear(first, last + 1);
  }

  /** How many of {@code pieces} are wanted, those that are only streamed left out. */
  int count(BitSet pieces) {
    BitSet all = (BitSet) wanted.clone();
    all.or(ahead);
    all.or(demanded);
    all.and(pieces);
    return all.cardinality();
  }
}
