// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static io.mows.alluxio.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mount with more readers of cold files than it has threads; for root. */
final class BlockedReadersTest {
  private static final int READERS = 300;
  private static final int FILE_BYTES = 8 << 20;
  private static final int HOT_BYTES = 3_000_000;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private final CompletableFuture<Void> bytes = new CompletableFuture<>();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void mount() throws IOException {
    RealMount.assumePossible();
    point = Files.createDirectory(dir.resolve("mount"));
    for (int i = 0; i <= READERS; i++) {
      files.put("/cold" + i, 10 + i, false, FILE_BYTES);
      files.late.put("/cold" + i, bytes);
    }
    files.put("/hot", 6, false, HOT_BYTES);
    mount = KernelMount.mount(point, files, KernelOptions.parse(List.of()), 0, 0);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
      assertEquals(0, files.openFiles, "nothing is left behind");
      assertEquals(0, files.waitingReads);
    }
  }

  @Test
  void shouldServeWhatIsHereBesideReadersWhoWait() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<Byte>> read = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Path cold = point.resolve("cold" + i);
        read.add(readers.submit(() -> lastByteOf(cold)));
      }
      await("all to wait", () -> files.waitingReads >= READERS);
      assertEquals(HOT_BYTES, Files.readAllBytes(point.resolve("hot")).length);
      try (Stream<Path> names = Files.list(point)) {
        assertEquals(READERS + 2, names.count());
      }
      assertTrue(read.stream().noneMatch(Future::isDone));
      bytes.complete(null);
      for (Future<Byte> one : read) {
        assertEquals((byte) (FILE_BYTES - 1), one.get());
      }
    } finally {
      bytes.complete(null);
      readers.shutdownNow();
    }
  }

  private static byte lastByteOf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      assertEquals(1, channel.read(last, FILE_BYTES - 1));
      return last.get(0);
    }
  }

  @Test
  void shouldLetGoOfKilledReaders() throws Exception {
    String cold = point.resolve("cold0").toString();
    for (String flag : List.of("iflag=fullblock", "iflag=direct")) {
      CompletableFuture<Void> late = new CompletableFuture<>();
      files.late.put("/cold0", late);
      Process reader =
          new ProcessBuilder("dd", "if=" + cold, "of=/dev/null", "bs=1M", flag).start();
      await("it to wait", () -> files.waitingReads > 0);
      reader.destroyForcibly();
      assertTrue(reader.waitFor(60, TimeUnit.SECONDS), () -> flag + ": it should be gone");
      // The kernel's own reads ahead are not interrupted.
      late.complete(null);
      await("its reads to end", () -> files.waitingReads == 0);
    }
  }
}
