// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the locator's binary form: variable-length integers (7 bits a byte, least significant
 * first), big-endian fixed integers, length-prefixed UTF-8. Not thread-safe.
 *
 * <p>Why not protobuf, which Alluxio ships: one value has exactly one encoding here (snapshots of
 * equal states are equal, and a MAC covers what was meant), unknown fields are refused instead of
 * carried along, sizes are capped while reading, and the build needs no native compiler.
 */
public final class WireWriter {
  private byte[] buffer = new byte[256];
  private int size;

  int size() {
    return size;
  }

  public WireWriter putByte(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** Writes {@code value} as an unsigned number of 1 to 10 bytes. */
  public WireWriter putNumber(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  /** Writes {@code value} as 8 bytes. */
  public WireWriter putLong(long value) {
    reserve(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  public WireWriter putText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    putNumber(bytes.length);
    return putBytes(bytes, bytes.length);
  }

  /** Writes the first {@code length} bytes as they are, without their length. */
  public WireWriter putBytes(byte[] bytes, int length) {
    reserve(length);
    System.arraycopy(bytes, 0, buffer, size, length);
    size += length;
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
