// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/**
 * Rendezvous (highest random weight) hashing: everybody who knows the same peers agrees who is
 * responsible for a key, and a peer that comes or goes moves only its own share.
 *
 * <p>Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998); the
 * mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 */
final class Rendezvous {
  private Rendezvous() {}

  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long combine(long first, long second) {
    return mix(mix(first) ^ second);
  }

  /** The weight of {@code peer} for {@code key}; compare unsigned, the highest wins. */
  static long weight(long key, long peer) {
    return combine(key, mix(peer));
  }

  /** The same for both ends of an edge. */
  static long edge(long one, long other) {
    return combine(Math.min(one, other), Math.max(one, other));
  }
}
