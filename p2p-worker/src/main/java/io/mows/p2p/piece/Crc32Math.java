// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

/**
 * The CRC32 of bytes put one behind the other, from the CRC32s of the parts: nothing is read again.
 *
 * <p>A CRC32 is a polynomial over GF(2) modulo a fixed one; putting n bytes behind others
 * multiplies theirs by x to the power of 8n. Source: Mark Adler's crc32_combine in zlib 1.2.12.
 */
public final class Crc32Math {
  /** The polynomial of {@link java.util.zip.CRC32}, lowest power first. */
  private static final int POLYNOMIAL = 0xEDB88320;

  private static final int ONE = 1 << 31;
  private static final int POWERS = 32;

  /** x to the powers of 2^0, 2^1, ...; they repeat after 32. */
  private static final int[] X_TO_TWO_TO = powers();

  private Crc32Math() {}

  private static int[] powers() {
    int[] powers = new int[POWERS];
    powers[0] = 1 << 30;
    for (int i = 1; i < POWERS; i++) {
      powers[i] = multiply(powers[i - 1], powers[i - 1]);
    }
    return powers;
  }

  /** The CRC32 of bytes with CRC32 {@code first}, followed by {@code secondBytes} others. */
  public static int combine(int first, int second, long secondBytes) {
    return multiply(shift(secondBytes), first) ^ second;
  }

  /** What the CRC32 of bytes is multiplied by when {@code bytes} others follow them. */
  static int shift(long bytes) {
    int product = ONE;
    int power = 3; // eight bits to a byte
    for (long left = bytes; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        product = multiply(X_TO_TWO_TO[power % POWERS], product);
      }
      power++;
    }
    return product;
  }

  /** Multiplies modulo the polynomial. */
  static int multiply(int a, int b) {
    int product = 0;
    int multiple = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= multiple;
      }
      multiple = (multiple & 1) == 0 ? multiple >>> 1 : (multiple >>> 1) ^ POLYNOMIAL;
    }
    return product;
  }
}
