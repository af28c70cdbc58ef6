// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.nio.charset.StandardCharsets;

/**
 * Rendezvous (highest random weight) hashing: everybody who ranks the same peers for the same key
 * gets the same order, and a peer that comes or goes moves only its own share. The locator and the
 * workers must rank alike, also across versions: all values are fixed.
 *
 * <p>Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998); the
 * mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
public final class Rendezvous {
  private Rendezvous() {}

  /** A hash of {@code text} that is the same on every machine (FNV-1a, then mixed). */
  public static long hash(String text) {
    long h = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(h);
  }

  public static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public static long combine(long first, long second) {
    return mix(mix(first) ^ second);
  }

  /** The weight of {@code peer} for {@code key}; compare unsigned, the highest wins. */
  public static long weight(long key, long peer) {
    return combine(key, mix(peer));
  }

  /** The same for both ends of an edge. */
  public static long edge(long one, long other) {
    return combine(Math.min(one, other), Math.max(one, other));
  }

  /**
   * The key by which the owners of the file at {@code path} are drawn: the same for all files of a
   * directory, because these are read together.
   */
  public static long affinity(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1).hashCode();
  }
}
