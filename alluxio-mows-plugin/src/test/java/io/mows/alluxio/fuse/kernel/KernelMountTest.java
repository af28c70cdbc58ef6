// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mount, of files that the kernel reads by itself; for root on Linux 6.9 or later. */
final class KernelMountTest {
  private static final byte[] CONTENT = new byte[100_000];

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void mount() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
    Arrays.fill(CONTENT, (byte) 7);
    files.put("/w", 6, false, CONTENT.length);
    Path block = Files.write(dir.resolve("block"), CONTENT);
    files.inMemory.put("/w", BlockFile.openForRead(block));
    point = Files.createDirectory(dir.resolve("mount"));
    mount = KernelMount.mount(point, files, KernelOptions.parse(List.of()).orElseThrow());
    assumeTrue(mount.passesThrough(), "passthrough is there since Linux 6.9");
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
      assertEquals(0, files.leases, "nothing is left behind");
      assertEquals(0, files.openFiles);
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(point.resolve("w"), StandardOpenOption.READ);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, () -> "waited in vain for " + what);
      Thread.sleep(10);
    }
  }

  @Test
  void shouldLetGoOfABlockSoonAfterItsFileIsClosed() throws Exception {
    for (int i = 1; i <= 3; i++) {
      try (FileChannel channel = open()) {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT.length);
        assertEquals(CONTENT.length, channel.read(bytes));
        assertArrayEquals(CONTENT, bytes.array());
      }
      await("the kernel to forget it", () -> files.leases == 0);
      assertEquals(i, files.passedThrough);
    }
  }

  @Test
  void shouldKeepTheBlockOfAMappedFileUntilItIsUnmapped() throws Exception {
    MappedByteBuffer mapping;
    try (FileChannel channel = open()) {
      mapping = channel.map(MapMode.READ_ONLY, 0, CONTENT.length);
    }
    await("the kernel to say that it was closed", () -> files.openFiles == 0);
    // Others look at it, and open and close it.
    assertEquals(CONTENT.length, Files.size(point.resolve("w")));
    open().close();
    await("the kernel to say that it was closed again", () -> files.openFiles == 0);
    assertEquals(CONTENT.length, Files.size(point.resolve("w")));
    Thread.sleep(2 * Forgetting.LOOKED_UP_AGAIN_MS);
    assertEquals(1, files.leases);
    byte[] bytes = new byte[CONTENT.length];
    mapping.get(bytes);
    assertArrayEquals(CONTENT, bytes);
    unmap(mapping);
    await("the kernel to forget it", () -> files.leases == 0);
  }

  /** As the garbage collector would, one day. */
  private static void unmap(MappedByteBuffer mapping) throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    unsafe.getMethod("invokeCleaner", ByteBuffer.class).invoke(instance.get(null), mapping);
  }
}
