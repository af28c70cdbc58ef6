// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a file is as long as its GGUF header says.
 *
 * <p>Source: docs/gguf.md and the block sizes of ggml/src/ggml-common.h in ggml-org/ggml, versions
 * 2 and 3.
 */
final class GgufStructure {
  private static final int MAGIC = 0x46554747;
  private static final int MAX_DIMENSIONS = 8;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int UINT32 = 4;

  /** Bytes of the values of each type of a key; strings and arrays tell theirs. */
  private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  /** By a tensor's type: how many numbers a block has, and how many bytes. */
  private static final Map<Integer, int[]> BLOCKS =
      Map.ofEntries(
          Map.entry(0, new int[] {1, 4}),
          Map.entry(1, new int[] {1, 2}),
          Map.entry(2, new int[] {32, 18}),
          Map.entry(3, new int[] {32, 20}),
          Map.entry(6, new int[] {32, 22}),
          Map.entry(7, new int[] {32, 24}),
          Map.entry(8, new int[] {32, 34}),
          Map.entry(10, new int[] {256, 84}),
          Map.entry(11, new int[] {256, 110}),
          Map.entry(12, new int[] {256, 144}),
          Map.entry(13, new int[] {256, 176}),
          Map.entry(14, new int[] {256, 210}),
          Map.entry(15, new int[] {256, 292}),
          Map.entry(30, new int[] {1, 2}));

  private final ByteBuffer head;
  private long alignment = DEFAULT_ALIGNMENT;

  private GgufStructure(ByteBuffer head) {
    this.head = head;
  }

  static Optional<String> fault(long lengthBytes, ByteBuffer head) {
    if (head.remaining() < Integer.BYTES || head.order(ByteOrder.LITTLE_ENDIAN).getInt() != MAGIC) {
      return Optional.of("it does not begin as a GGUF file does");
    }
    boolean isWhole = head.capacity() == lengthBytes;
    try {
      long leastBytes = new GgufStructure(head).leastBytes();
      return lengthBytes >= leastBytes
          ? Optional.empty()
          : Optional.of(
              "it is cut off: "
                  + lengthBytes
                  + " bytes, and by its header it has at least "
                  + leastBytes);
    } catch (BufferUnderflowException e) {
      // A header that is longer than what is looked at says nothing.
      return isWhole ? Optional.of("it is cut off within its header") : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.of("its GGUF header is damaged: " + e.getMessage());
    }
  }

  private long leastBytes() {
    int version = head.getInt();
    if (version < 2 || version > 3) {
      // The first version has other lengths; later ones are not known.
      return 0;
    }
    long tensors = count();
    long keys = count();
    for (long key = 0; key < keys; key++) {
      readKey();
    }
    long end = 0;
    for (long tensor = 0; tensor < tensors; tensor++) {
      end = Math.max(end, readTensorEnd());
    }
    long start = Math.multiplyExact((head.position() + alignment - 1) / alignment, alignment);
    return Math.addExact(start, end);
  }

  private long count() {
    long count = head.getLong();
    if (count < 0) {
      throw new IllegalArgumentException("it counts to " + Long.toUnsignedString(count));
    }
    return count;
  }

  private void readKey() {
    String key = readString();
    int type = head.getInt();
    if (key.equals("general.alignment") && type == UINT32) {
      alignment = Integer.toUnsignedLong(head.getInt());
      if (alignment == 0) {
        throw new IllegalArgumentException("general.alignment is 0");
      }
    } else {
      skip(type);
    }
  }

  private void skip(int type) {
    if (type == STRING) {
      skipBytes(count());
    } else if (type == ARRAY) {
      int of = head.getInt();
      long length = count();
      if (of == STRING || of == ARRAY) {
        for (long i = 0; i < length; i++) {
          skip(of);
        }
      } else {
        skipBytes(Math.multiplyExact(length, (long) bytesOf(of)));
      }
    } else {
      skipBytes(bytesOf(type));
    }
  }

  private static int bytesOf(int type) {
    if (type < 0 || type >= VALUE_BYTES.length) {
      throw new IllegalArgumentException("there is no type " + type + " of values");
    }
    return VALUE_BYTES[type];
  }

  private void skipBytes(long bytes) {
    if (bytes > head.remaining()) {
      throw new BufferUnderflowException();
    }
    head.position(head.position() + (int) bytes);
  }

  private String readString() {
    long bytes = count();
    if (bytes > head.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[(int) bytes];
    head.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Where a tensor ends, from where the first begins; of a type not known, where it begins. */
  private long readTensorEnd() {
    readString();
    int dimensions = head.getInt();
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException("a tensor of " + dimensions + " dimensions");
    }
    long numbers = 1;
    for (int i = 0; i < dimensions; i++) {
      numbers = Math.multiplyExact(numbers, count());
    }
    int[] block = BLOCKS.getOrDefault(head.getInt(), new int[] {1, 0});
    long offset = count();
    return Math.addExact(offset, Math.multiplyExact(numbers / block[0], (long) block[1]));
  }
}
