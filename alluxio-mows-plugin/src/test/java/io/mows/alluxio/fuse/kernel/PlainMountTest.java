// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mount without passthrough, as on kernels that have none; for root. */
final class PlainMountTest {
  private static final int FILE_BYTES = 100_000;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void mount() throws IOException {
    RealMount.assumePossible();
    files.put("/w", 6, false, FILE_BYTES);
    // In memory, with other bytes than we give.
    Path block = Files.write(dir.resolve("block"), new byte[FILE_BYTES]);
    files.inMemory.put("/w", BlockFile.openForRead(block));
    point = Files.createDirectory(dir.resolve("mount"));
    mount = KernelMount.mount(point, files, KernelOptions.parse(List.of()), 0, 0);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
      assertEquals(0, files.openFiles, "nothing is left behind");
      assertEquals(0, files.passedThrough);
    }
  }

  private static byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    for (int i = 0; i < FILE_BYTES; i++) {
      content[i] = (byte) i;
    }
    return content;
  }

  @Test
  void shouldReadAndList() throws IOException {
    assertFalse(mount.passesThrough());
    assertArrayEquals(content(), Files.readAllBytes(point.resolve("w")));
    assertThrows(NoSuchFileException.class, () -> Files.size(point.resolve("nothing")));
    try (Stream<Path> names = Files.list(point)) {
      assertEquals(List.of(point.resolve("w")), names.collect(Collectors.toList()));
    }
  }

  @Test
  void shouldTakeAwayWrongBytes() throws Exception {
    Path file = point.resolve("w");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        MappedReader mapped = MappedReader.of(file, content())) {
      assertEquals(10, channel.read(ByteBuffer.allocate(10)));
      files.drop(6);
      mapped.awaitFault();
      assertFails(channel);
      assertArrayEquals(content(), Files.readAllBytes(file), "a new open");
      assertFails(channel);
    }
  }

  private static void assertFails(FileChannel channel) {
    for (long position : new long[] {0, 50_000, 99_990}) {
      assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(10), position));
    }
  }
}
