// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One request of the kernel. Valid until the next one is read into the same memory.
 *
 * <p>Source: struct fuse_in_header and its followers in linux/fuse.h.
 */
public final class Request {
  private static final int HEADER_BYTES = 40;

  private final ByteBuffer bytes;
  private final Opcode opcode;

  /**
   * @param bytes in native byte order
   */
  public Request(ByteBuffer bytes) {
    this.bytes = bytes;
    this.opcode = Opcode.of(bytes.getInt(4));
  }

  public Opcode opcode() {
    return opcode;
  }

  public long unique() {
    return bytes.getLong(8);
  }

  public long node() {
    return bytes.getLong(16);
  }

  /** A field of the body, by its offset in the structure. */
  public int intAt(int offset) {
    return bytes.getInt(HEADER_BYTES + offset);
  }

  public long longAt(int offset) {
    return bytes.getLong(HEADER_BYTES + offset);
  }

  /** The body as a name: it ends with a zero. */
  public String name() {
    return nameAt(0);
  }

  /** A name in the body, by its offset. */
  public String nameAt(int offset) {
    int start = HEADER_BYTES + offset;
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] utf8 = new byte[end - start];
    ByteBuffer copy = bytes.duplicate().position(start);
    copy.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  public byte[] bytesAt(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.duplicate().position(HEADER_BYTES + offset).get(copy);
    return copy;
  }

  @Override
  public String toString() {
    return opcode + " of node " + node();
  }
}
