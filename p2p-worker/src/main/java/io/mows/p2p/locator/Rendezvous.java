// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.nio.charset.StandardCharsets;

/**
 * Highest-random-weight hashing (Thaler and Ravishankar, 1998): everybody who ranks the same peers
 * for the same thing gets the same order, and a peer that goes moves only what it had.
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

  /** The weight of the peer with {@code idHash} for the thing with {@code key}. */
  public static long weight(long key, long idHash) {
    return mix(mix(key) ^ idHash);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  public static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
