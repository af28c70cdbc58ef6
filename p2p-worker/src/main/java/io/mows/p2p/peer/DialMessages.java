// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PrintableText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a worker says that wants to know whether it can be reached: kind, the number of no file,
 * then a text of UTF-8 with its length. The number makes workers that do not know these kinds take
 * them for something about a file of which they know nothing, and let it be.
 */
final class DialMessages {
  /** "Dial me at this address." */
  static final byte DIAL_ME = 8;

  /** "That went wrong because", or an empty text. */
  static final byte DIALLED = 9;

  static final int MAX_TEXT_BYTES = 512;

  private static final long NO_FILE = -1;

  private DialMessages() {}

  static boolean isOne(byte kind) {
    return kind == DIAL_ME || kind == DIALLED;
  }

  /**
   * @param text is cut where it is too long
   */
  static ByteBuffer encode(byte kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_TEXT_BYTES);
    return ByteBuffer.allocate(1 + Long.BYTES + Short.BYTES + length)
        .put(kind)
        .putLong(NO_FILE)
        .putShort((short) length)
        .put(bytes, 0, length)
        .flip();
  }

  /** The text of a message whose kind has been read. */
  static String decode(ByteBuffer in) throws IOException {
    if (in.remaining() < Long.BYTES + Short.BYTES) {
      throw new IOException("A message is cut short");
    }
    in.getLong();
    int length = in.getShort();
    if (length < 0 || length > MAX_TEXT_BYTES || length != in.remaining()) {
      throw new IOException("A text of " + length + " bytes in " + in.remaining());
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    // It goes into logs and terminals.
    return PrintableText.line(new String(bytes, StandardCharsets.UTF_8));
  }
}
