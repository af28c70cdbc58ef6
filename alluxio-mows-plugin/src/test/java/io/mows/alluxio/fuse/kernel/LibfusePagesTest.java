// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a mount that is libfuse's as far as anybody can tell: this process has its device open. */
final class LibfusePagesTest {
  private static final String NAME = "file";

  /** The first inode that a mount of ours tells the kernel of; stat(2) shows the file's id + 1. */
  private static final long NODE = Inodes.ROOT + 1;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void mount() throws IOException {
    RealMount.assumePossible();
    files.put("/" + NAME, NODE - 1, false, 100_000);
    point = Files.createDirectory(dir.resolve("mount"));
    mount = KernelMount.mount(point, files, KernelOptions.parse(List.of()), 0, 0);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  private int readsOfOneReader() throws IOException {
    int before = files.reads;
    Files.readAllBytes(point.resolve(NAME));
    return files.reads - before;
  }

  @Test
  void shouldHaveTheKernelReadAFileAnew() throws Exception {
    assertTrue(readsOfOneReader() > 0);
    assertEquals(NODE, Files.getAttribute(point.resolve(NAME), "unix:ino"));
    try (LibfusePages pages = new LibfusePages(point)) {
      pages.drop("/" + NAME);
      pages.drop("/nothing");
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (readsOfOneReader() == 0) {
        assertTrue(System.nanoTime() < endNs, "the kernel keeps its pages");
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  @Test
  void shouldWriteToNothingButTheDevice() throws IOException {
    Path other = dir.resolve("other");
    try (FileOutputStream open = new FileOutputStream(other.toFile());
        DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      int mine = 0;
      for (Path path : descriptors) {
        int descriptor = Integer.parseInt(path.getFileName().toString());
        if (Files.exists(path) && Files.isSameFile(path, other)) {
          mine++;
          FuseDevice.notifyAnother(descriptor, ByteBuffer.allocateDirect(40));
        }
      }
      assertEquals(1, mine);
      assertEquals(0, open.getChannel().size());
    }
  }
}
