// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link WireWriter} wrote, strictly: anything truncated, longer than its cap, encoded
 * in another than the one form, or left over is a {@link WireException}. Not thread-safe.
 */
public final class WireReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public WireReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public int remaining() {
    return end - position;
  }

  public int readByte() throws WireException {
    require(1);
    return bytes[position++] & 0xFF;
  }

  public long readNumber() throws WireException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      if (shift == 63 && next > 1) {
        throw new WireException("a number has more than 64 bits");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new WireException("a number is longer than it needs to be");
        }
        return value;
      }
    }
    throw new WireException("a number has more than 64 bits");
  }

  /** Reads a number from 0 to {@code max}. */
  public long readNumber(long max, String what) throws WireException {
    long value = readNumber();
    if (value < 0 || value > max) {
      throw new WireException(what + " is " + Long.toUnsignedString(value) + ", above " + max);
    }
    return value;
  }

  /** Reads how many things follow; each takes at least one byte. */
  public int readCount(int max, String what) throws WireException {
    int count = (int) readNumber(max, "the number of " + what);
    require(count);
    return count;
  }

  public long readLong() throws WireException {
    require(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (bytes[position++] & 0xFF);
    }
    return value;
  }

  public String readText(int maxBytes, String what) throws WireException {
    int length = (int) readNumber(maxBytes, "the length of " + what);
    require(length);
    try {
      // A new decoder reports malformed input instead of replacing it.
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, position, length))
              .toString();
      position += length;
      return text;
    } catch (CharacterCodingException e) {
      throw new WireException(what + " is not UTF-8", e);
    }
  }

  public byte[] readBytes(int length) throws WireException {
    require(length);
    byte[] result = new byte[length];
    System.arraycopy(bytes, position, result, 0, length);
    position += length;
    return result;
  }

  public void expectEnd() throws WireException {
    if (position != end) {
      throw new WireException(remaining() + " bytes follow the end");
    }
  }

  private void require(int length) throws WireException {
    if (end - position < length) {
      throw new WireException("cut short");
    }
  }
}
