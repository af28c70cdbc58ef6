// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Most of the worker's tmpfs, a real one, is taken by a file that Alluxio does not know of. */
final class FullTmpfsIT {
  private static final long FREE_BYTES = 6 * MB;

  @TempDir Path dir;
  private Path memory;
  private Path foreign;
  private InProcessCluster cluster;

  @BeforeEach
  void start() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts");
    memory = Files.createDirectory(dir.resolve("memory"));
    run("mount", "-t", "tmpfs", "-o", "size=16m", "mows-test", memory.toString());
    foreign = Files.write(memory.resolve("foreign"), new byte[(int) (16 * MB - FREE_BYTES)]);
    cluster =
        InProcessCluster.start(
            dir,
            Map.of(
                "alluxio.worker.tieredstore.level0.dirs.path", memory.toString(),
                "alluxio.worker.tieredstore.level0.dirs.quota", "16MB",
                "alluxio.user.block.size.bytes.default", "4MB",
                "alluxio.user.short.circuit.enabled", false,
                "alluxio.mows.piece.size", "1MB"));
  }

  @AfterEach
  void stop() throws Exception {
    try {
      if (cluster != null) {
        cluster.close();
      }
    } finally {
      if (memory != null) {
        run("umount", "-l", memory.toString());
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private void assertReads(String path, TestContent content) throws Exception {
    try (FileSystem client = cluster.client(Map.of());
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 300_000);
    }
  }

  /** All blocks get their room before any of them is full: writes fail in their middle. */
  @Test
  void shouldServeReadersWhenTheTmpfsIsFullInTheMiddleOfBlocks() throws Exception {
    TestContent content = new TestContent(1, 12 * MB);
    String path = cluster.originFile("model.bin", content);
    long storeFailures = InProcessCluster.counter("StoreFailures");
    long uncached = InProcessCluster.counter("BytesServedUncached");
    long retried = InProcessCluster.counter("PiecesRetried");
    long failed = InProcessCluster.counter("PiecesFailed");
    CompletableFuture.runAsync(() -> loadQuietly(path));
    for (int i = 0; i < 3; i++) {
      assertReads(path, content);
    }
    assertTrue(
        InProcessCluster.counter("StoreFailures")
                + InProcessCluster.counter("BlocksRefused")
                - storeFailures
            > 0,
        "the tmpfs is full");
    assertTrue(InProcessCluster.counter("BytesServedUncached") > uncached, "streamed");
    assertEquals(retried, InProcessCluster.counter("PiecesRetried"), "the origin is not blamed");
    assertEquals(failed, InProcessCluster.counter("PiecesFailed"), "nothing is given up");
    assertTrue(Files.exists(foreign));
  }

  private void loadQuietly(String path) {
    try {
      cluster.load(path);
    } catch (Exception e) {
      // It has no room; this test is about the readers.
    }
  }
}
