// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockPartsTest {
  @TempDir Path dir;

  @Test
  void shouldReadAndWriteAcrossFiles() throws IOException {
    try (BlockFile first = newFile(10);
        BlockFile second = newFile(3);
        BlockFile third = newFile(10)) {
      BlockParts parts = BlockParts.of(first, 6, 4).and(second, 0, 3).and(third, 2, 5);
      assertEquals(12, parts.lengthBytes());
      parts.write(0, bytes("abc"));
      parts.write(3, bytes("defgh"));
      parts.write(8, bytes("ijkl"));
      assertEquals("abcd", text(BlockParts.of(first, 6, 4), 0, 4));
      assertEquals("efg", text(BlockParts.of(second, 0, 3), 0, 3));
      assertEquals("hijkl", text(BlockParts.of(third, 2, 5), 0, 5));
      assertEquals("cdefghi", text(parts, 2, 7));
      assertEquals("fg", text(parts.slice(4, 5), 1, 2));
      assertEquals(2, parts.slice(4, 5).parts().size());
    }
  }

  @Test
  void shouldRefuseWhatIsOutside() throws IOException {
    try (BlockFile file = newFile(10)) {
      assertThrows(IndexOutOfBoundsException.class, () -> BlockParts.of(file, 7, 4));
      BlockParts parts = BlockParts.of(file, 0, 10);
      assertThrows(IndexOutOfBoundsException.class, () -> parts.write(8, bytes("abc")));
      assertThrows(IndexOutOfBoundsException.class, () -> parts.slice(-1, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> parts.slice(2, Integer.MAX_VALUE));
    }
  }

  @Test
  void shouldKnowHowFarAFileReaches() throws IOException {
    BlockFile file = newFile(10);
    file.write(0, bytes("abc"));
    assertTrue(file.reaches(3));
    assertFalse(file.reaches(4));
    file.close();
    assertFalse(file.reaches(3));
  }

  /** A reader that is cancelled must not stop, or worse redirect, what the kernel is sending. */
  @Test
  void shouldKeepTheKernelsDescriptorWhenAReaderIsInterrupted() throws IOException {
    try (BlockFile file = newFile(10)) {
      file.write(0, bytes("0123456789"));
      FileChannel before = file.forKernel();
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> file.read(0, ByteBuffer.allocate(10)));
      assertTrue(Thread.interrupted());
      assertTrue(before.isOpen());
      assertTrue(file.reaches(10));
    }
  }

  private BlockFile newFile(int lengthBytes) throws IOException {
    return BlockFile.openForWrite(Files.createTempFile(dir, "block", ""), lengthBytes);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(BlockParts parts, int offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    parts.read(offset, buffer);
    return new String(buffer.array(), StandardCharsets.US_ASCII);
  }
}
