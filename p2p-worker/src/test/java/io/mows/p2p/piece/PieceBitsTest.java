// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PieceBitsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 200})
  void shouldCountAndFindBits(int size) {
    PieceBits bits = new PieceBits(size);
    assertTrue(bits.set(size - 1));
    assertFalse(bits.set(size - 1));
    assertEquals(1, bits.count());
    assertEquals(size - 1, bits.nextSet(0));
    assertEquals(-1, bits.nextSet(size));
    bits.setAll();
    assertTrue(bits.isFull());
    assertEquals(size, bits.toArray().length);
    assertTrue(bits.clear(0));
    assertFalse(bits.clear(0));
    assertEquals(size - 1, bits.count());
  }

  @Test
  void shouldSurviveTheWire() {
    PieceBits bits = new PieceBits(70);
    bits.set(0);
    bits.set(69);
    assertArrayEquals(new int[] {0, 69}, PieceBits.ofLongs(70, bits.toLongs()).toArray());
  }

  @Test
  void shouldRefuseBitsThatDoNotExist() {
    assertThrows(IllegalArgumentException.class, () -> PieceBits.ofLongs(70, new long[1]));
    assertThrows(
        IllegalArgumentException.class, () -> PieceBits.ofLongs(70, new long[] {0, 1 << 6}));
  }
}
