// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Incompressible bytes from a seed, at memory speed: the SplitMix64 generator (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Not thread-safe.
 */
final class RandomBytes {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Streams of one seed differ from each other. */
  RandomBytes(long seed, long stream) {
    this.state = mix(seed) ^ mix(~stream);
  }

  /** Fills {@code buffer} from 0 to its capacity, a multiple of 8, whatever its position. */
  void fill(ByteBuffer buffer) {
    buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    long current = state;
    for (int index = 0; index < buffer.capacity(); index += Long.BYTES) {
      current += GOLDEN_GAMMA;
      buffer.putLong(index, mix(current));
    }
    state = current;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
