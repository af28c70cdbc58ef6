// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import java.nio.ByteBuffer;

/**
 * Bytes that are a function of file, version and offset, so that every single one can be checked.
 * No byte is 0: a hole never looks like content.
 */
final class Content {
  private final long salt;

  Content(long fileId, int version) {
    this.salt = mix(fileId * 1_000 + version);
  }

  byte at(long offset) {
    byte value = (byte) (mix(salt + (offset >>> 3)) >>> ((offset & 7) * 8));
    return value == 0 ? 1 : value;
  }

  ByteBuffer bytes(long offset, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      bytes.put(at(offset + i));
    }
    return bytes.flip();
  }

  /** Index of the first byte that is not what belongs at {@code offset} and behind, or -1. */
  int firstWrong(long offset, ByteBuffer got) {
    int start = got.position();
    for (int i = 0; i < got.remaining(); i++) {
      if (got.get(start + i) != at(offset + i)) {
        return i;
      }
    }
    return -1;
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
