// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of bytes that lies in one block file or, where a piece straddles blocks, in several.
 * Immutable, and as thread-safe as the files; does not own them.
 */
public final class BlockParts {
  private static final BlockParts EMPTY = new BlockParts(List.of(), 0);

  private final List<Part> parts;
  private final int lengthBytes;

  private BlockParts(List<Part> parts, int lengthBytes) {
    this.parts = parts;
    this.lengthBytes = lengthBytes;
  }

  public static BlockParts empty() {
    return EMPTY;
  }

  public static BlockParts of(BlockFile file, long position, int lengthBytes) {
    return EMPTY.and(file, position, lengthBytes);
  }

  /** These bytes followed by others. */
  public BlockParts and(BlockFile file, long position, int moreBytes) {
    if (position < 0 || moreBytes <= 0 || position + moreBytes > file.lengthBytes()) {
      throw new IndexOutOfBoundsException(
          "Bytes " + position + "+" + moreBytes + " are outside a block of " + file.lengthBytes());
    }
    List<Part> all = new ArrayList<>(parts);
    all.add(new Part(file, position, moreBytes));
    return new BlockParts(List.copyOf(all), Math.addExact(lengthBytes, moreBytes));
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** Fills {@code dst} with the bytes from {@code offset} on. */
  public void read(int offset, ByteBuffer dst) throws IOException {
    for (Part part : slice(offset, dst.remaining()).parts) {
      part.file.read(part.position, take(dst, part.lengthBytes));
    }
  }

  /** Writes all of {@code src} from {@code offset} on. Has the shape of a piece receiver. */
  public void write(int offset, ByteBuffer src) throws IOException {
    for (Part part : slice(offset, src.remaining()).parts) {
      part.file.write(part.position, take(src, part.lengthBytes));
    }
  }

  /** The parts that make up {@code count} bytes from {@code offset} on. */
  public BlockParts slice(int offset, int count) {
    if (offset < 0 || count < 0 || (long) offset + count > lengthBytes) {
      throw new IndexOutOfBoundsException(
          "Bytes " + offset + "+" + count + " are outside a run of " + lengthBytes);
    }
    if (offset == 0 && count == lengthBytes) {
      return this;
    }
    List<Part> cut = new ArrayList<>();
    int start = 0;
    for (Part part : parts) {
      int from = Math.max(offset, start);
      int to = Math.min(offset + count, start + part.lengthBytes);
      if (from < to) {
        cut.add(new Part(part.file, part.position + (from - start), to - from));
      }
      start += part.lengthBytes;
    }
    return new BlockParts(List.copyOf(cut), count);
  }

  public List<Part> parts() {
    return parts;
  }

  private static ByteBuffer take(ByteBuffer buffer, int count) {
    ByteBuffer taken = buffer.duplicate();
    taken.limit(buffer.position() + count);
    buffer.position(buffer.position() + count);
    return taken;
  }

  /** Bytes of one file. */
  public static final class Part {
    private final BlockFile file;
    private final long position;
    private final int lengthBytes;

    private Part(BlockFile file, long position, int lengthBytes) {
      this.file = file;
      this.position = position;
      this.lengthBytes = lengthBytes;
    }

    public BlockFile file() {
      return file;
    }

    public long position() {
      return position;
    }

    public int lengthBytes() {
      return lengthBytes;
    }
  }
}
