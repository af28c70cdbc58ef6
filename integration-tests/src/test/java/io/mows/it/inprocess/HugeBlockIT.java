// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.grpc.TaskStatus;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One block of more than 2 GiB: no offset or length is squeezed into an int. */
final class HugeBlockIT {
  private static final long LENGTH_BYTES = (1L << 31) + (200L << 20) + 4_321;
  private static final int WINDOW_BYTES = 64 << 10;

  /** Where the file holds random bytes; it is a hole elsewhere. */
  private static final long[] WINDOWS = {
    0,
    (1L << 30) - 100,
    (1L << 31) - WINDOW_BYTES,
    (1L << 31) - 3,
    (1L << 31) + (100L << 20),
    LENGTH_BYTES - WINDOW_BYTES
  };

  private Path dir;
  private InProcessCluster cluster;
  private String path;

  @BeforeEach
  void start() throws Exception {
    Path shm = Path.of("/dev/shm");
    boolean fits =
        Files.isDirectory(shm) && Files.getFileStore(shm).getUsableSpace() > LENGTH_BYTES * 3 / 2;
    // On a machine without such a /dev/shm the block lies on disk: slower, but the same test.
    dir =
        fits ? Files.createTempDirectory(shm, "mows-huge") : Files.createTempDirectory("mows-huge");
    Path memory = Files.createDirectory(dir.resolve("memory"));
    cluster =
        InProcessCluster.start(
            dir,
            Map.of(
                "alluxio.worker.tieredstore.level0.dirs.path", memory.toString(),
                "alluxio.worker.tieredstore.level0.dirs.quota", "3GB",
                "alluxio.worker.ramdisk.size", "3GB",
                "alluxio.user.block.size.bytes.default", "4GB"));
    Path file = cluster.originPath("huge.safetensors");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(LENGTH_BYTES);
      for (long offset : WINDOWS) {
        byte[] bytes = new byte[WINDOW_BYTES];
        new Random(offset).nextBytes(bytes);
        out.seek(offset);
        out.write(bytes, 0, (int) Math.min(WINDOW_BYTES, LENGTH_BYTES - offset));
      }
    }
    path = "/models/huge.safetensors";
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    alluxio.util.io.FileUtils.deletePathRecursively(dir.toString());
  }

  @Test
  void shouldReadAndLoadBlocksOfMoreThan2GiB() throws Exception {
    assertEquals(1, cluster.status(path).getBlockIds().size());
    assertWindows(false);
    assertEquals(TaskStatus.SUCCESS, cluster.load(path).getStatus());
    assertEquals(LENGTH_BYTES, cluster.ufs().bytesRead(), "the origin is read once");
    assertWindows(true);
    assertWindows(false);

    long id = cluster.status(path).getBlockIds().get(0);
    String block =
        cluster.worker().getBlockStore().getVolatileBlockMeta(id).orElseThrow().getPath();
    assertTrue(
        MoreFiles.asByteSource(Path.of(block))
            .contentEquals(MoreFiles.asByteSource(cluster.originPath("huge.safetensors"))),
        "the block is the file");
  }

  private void assertWindows(boolean shortCircuit) throws Exception {
    try (FileSystem client =
            cluster.client(Map.of("alluxio.user.short.circuit.enabled", shortCircuit));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      for (long offset : WINDOWS) {
        byte[] got = new byte[WINDOW_BYTES];
        int count = in.positionedRead(offset, got, 0, WINDOW_BYTES);
        assertEquals(WINDOW_BYTES, count, "read at " + offset);
        assertArrayEquals(expected(offset), got, "bytes at " + offset);
        in.seek(offset + WINDOW_BYTES / 2);
        int next = in.read();
        assertEquals(expected(offset)[WINDOW_BYTES / 2] & 0xff, next, "after a seek");
      }
      in.seek(LENGTH_BYTES);
      assertTrue(in.read() < 0, "the end");
    }
  }

  private byte[] expected(long offset) throws IOException {
    try (RandomAccessFile in =
        new RandomAccessFile(cluster.originPath("huge.safetensors").toFile(), "r")) {
      byte[] bytes = new byte[WINDOW_BYTES];
      in.seek(offset);
      in.readFully(bytes);
      return bytes;
    }
  }
}
