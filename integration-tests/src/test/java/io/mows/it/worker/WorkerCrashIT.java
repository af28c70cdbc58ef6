// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.origin.Shaping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that dies in the middle of a load, or is a stock one. */
class WorkerCrashIT {
  private static final int FILE_BYTES = 96 * MIB;
  private static final int BLOCK_BYTES = 8 * MIB;

  @TempDir private Path bucket;

  @Test
  void shouldKeepCommittedBlocksAndResumeAfterKill9() throws Exception {
    byte[] expected = Clusters.randomFile(bucket.resolve("model/file"), FILE_BYTES, 1);
    try (LocalCluster cluster =
        LocalCluster.start(
            Clusters.mows(bucket)
                .property("alluxio.user.block.size.bytes.default", "8MB")
                .build())) {
      cluster.origin().admin().setShaping(Shaping.unshaped().withTotalBytesPerSecond(10 * MIB));
      Path file = cluster.worker(0).mountPoint().resolve("model/file");
      Clusters.readAt(file, 0, 4096);
      Clusters.await(
          "some blocks to be committed", () -> Clusters.metric(cluster, "BlocksCommitted") >= 3);
      cluster.worker(0).kill9();
      long kept = committedBytes(cluster.worker(0).memoryDir());
      assertTrue(kept >= 3L * BLOCK_BYTES && kept < FILE_BYTES, "kept " + kept);

      cluster.origin().admin().setShaping(Shaping.unshaped());
      cluster.origin().admin().resetCounters();
      cluster.worker(0).restart();
      assertArrayEquals(expected, Clusters.readAll(file));
      long again = cluster.origin().admin().stats().object("model/file").bytesSent();
      assertTrue(
          again <= (FILE_BYTES - kept) * 1.02,
          "read " + again + " bytes again although " + kept + " were kept");
      Clusters.await(
          "temp blocks to be gone",
          () ->
              committedBytes(cluster.worker(0).memoryDir()) == FILE_BYTES
                  && allBytes(cluster.worker(0).memoryDir()) == FILE_BYTES);
    }
  }

  /** What containers see of the mount: one has bound it, one the directory above, as a slave. */
  @Test
  void shouldComeBackInAContainerThatHasBoundTheDirectoryAbove() throws Exception {
    byte[] expected = Clusters.randomFile(bucket.resolve("model/file"), MIB, 3);
    try (LocalCluster cluster = LocalCluster.start(Clusters.mows(bucket).build())) {
      WorkerNode worker = cluster.worker(0);
      worker.stop();
      try (Container container = Container.start(worker.mountPoint().getParent())) {
        worker.restart();
        container.bind(worker.mountPoint());
        assertArrayEquals(expected, container.readBound("model/file"));
        assertArrayEquals(expected, container.readBelow("mnt/model/file"));

        worker.kill9();
        worker.restart();
        assertArrayEquals(expected, container.readBelow("mnt/model/file"));
        assertArrayEquals(new byte[0], container.readBound("model/file"), "dead for good");
        String check = worker.cli("fs", "mows", "check").output();
        assertTrue(check.contains("with rslave"), check);
        worker.stop();
      }
    }
  }

  @Test
  void shouldBeAStockWorkerWhenDisabled() throws Exception {
    byte[] expected = Clusters.randomFile(bucket.resolve("model/file"), 3 * MIB, 2);
    try (LocalCluster cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.enabled", "false").build())) {
      assertArrayEquals(
          expected, Clusters.readAll(cluster.worker(0).mountPoint().resolve("model/file")));
      String metrics = cluster.worker(0).metrics().json().toString();
      assertTrue(!metrics.contains("Mows"), "a stock worker has metrics of ours");
      Path written = cluster.worker(0).mountPoint().resolve("written");
      Files.write(written, expected);
      assertArrayEquals(expected, Clusters.readAll(written));
    }
  }

  /** What lies in the worker's directory under a block's name: temp blocks are one level deeper. */
  private static long committedBytes(Path memoryDir) throws Exception {
    return bytes(memoryDir, true);
  }

  private static long allBytes(Path memoryDir) throws Exception {
    return bytes(memoryDir, false);
  }

  private static long bytes(Path memoryDir, boolean committedOnly) throws Exception {
    try (Stream<Path> files = Files.walk(memoryDir)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !committedOnly || !memoryDir.relativize(file).toString().contains("tmp"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
