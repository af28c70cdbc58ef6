// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.MIB;
import static io.mows.it.warmup.Warmups.assertRight;
import static io.mows.it.warmup.Warmups.await;
import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.inMemory;
import static io.mows.it.warmup.Warmups.metric;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.NetworkConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.SyntheticModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one worker of a group reads comes to the others while nobody reads. */
final class IdlePrefetchIT {
  private static final long MODEL_BYTES = 48L * MIB;
  private static final long NEW_BYTES = 8L * MIB;
  private static final long LINK_BITS_PER_SECOND = 80_000_000;

  @TempDir Path bucket;

  @Test
  void shouldFillFreeMemoryOfTheOwnGroupWithoutEvictingAnything() throws Exception {
    System.out.println("seed 51");
    SyntheticModel.write(bucket.resolve("used"), MODEL_BYTES, 2, 51);
    SyntheticModel.write(bucket.resolve("own"), MODEL_BYTES, 2, 52);
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 4)
                .property("alluxio.mows.prefetch.idle", "true")
                .workerProperty(2, Warmups.GROUP, "other")
                .workerProperty(3, "alluxio.mows.prefetch.idle", "false")
                .build())) {
      awaitPeers(cluster, 4);
      cluster.origin().admin().resetCounters();
      assertRight(cluster.worker(0), "used");
      await("the other one of the group has it", () -> inMemory(cluster.worker(1)) >= MODEL_BYTES);
      // Counted by the warm-up thread when it hears of a block that is there.
      await("it counts it", () -> metric(cluster.worker(1), "BytesPrefetched") >= MODEL_BYTES);
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(originTimes <= 1.1, () -> "the origin sent " + originTimes + " times the model");
      assertEquals(0, inMemory(cluster.worker(2)), "another group");
      assertEquals(0, inMemory(cluster.worker(3)), "it is switched off there");
      assertStaysFreed(cluster);
    }
  }

  private static void assertStaysFreed(LocalCluster cluster) throws Exception {
    CliResult free = cluster.cli("fs", "free", "/used");
    assertTrue(free.succeeded(), free::toString);
    await("it is freed", () -> inMemory(cluster.worker(0)) + inMemory(cluster.worker(1)) == 0);
    // Nobody has read for more than three seconds: idle-time prefetch would bring it at once.
    Thread.sleep(2_500);
    assertEquals(0, inMemory(cluster.worker(0)), "it came back to its reader");
    assertEquals(0, inMemory(cluster.worker(1)), "it came back to the other one");
  }

  /** Measured at the other end: what a peer goes on sending. */
  @Test
  void shouldStopAtOnceWhenAReaderComes() throws Exception {
    System.out.println("seed 53");
    SyntheticModel.write(bucket.resolve("used"), 2 * MODEL_BYTES, 2, 53);
    SyntheticModel.write(bucket.resolve("new"), NEW_BYTES, 1, 54);
    SyntheticModel.write(bucket.resolve("first"), NEW_BYTES, 1, 55);
    long bytesPerMs = LINK_BITS_PER_SECOND / 8 / 1_000;
    try (LocalCluster cluster =
        LocalCluster.start(
            Warmups.config(bucket, 2)
                .network(NetworkConfig.namespaces())
                .property("alluxio.mows.prefetch.idle", "true")
                .build())) {
      awaitPeers(cluster, 2);
      WorkerNode holder = cluster.worker(0);
      WorkerNode reader = cluster.worker(1);
      // The first reader of a process waits for its classes, and the prefetch goes on meanwhile.
      assertRight(reader, "first");
      // All of it, before the other worker has not read for so long that it prefetches.
      assertRight(holder, "used");
      holder.limitLink(LINK_BITS_PER_SECOND);
      await("the prefetch", () -> metric(holder, "BytesToPeers") >= NEW_BYTES);
      long earlier = metric(holder, "BytesToPeers");
      Thread.sleep(500);
      assertTrue(
          metric(holder, "BytesToPeers") - earlier > 200 * bytesPerMs, "it is not under way");
      // So that the master has asked the origin for the names; nobody reads yet.
      try (Stream<Path> files = Files.list(reader.mountPoint().resolve("new"))) {
        assertTrue(files.mapToLong(file -> file.toFile().length()).sum() > NEW_BYTES);
      }
      long before = metric(holder, "BytesToPeers");
      assertRight(reader, "new");
      // It does not begin again before nobody has read for three seconds.
      Thread.sleep(1_000);
      long sentMs = (metric(holder, "BytesToPeers") - before) / bytesPerMs;
      System.out.println("the peer went on sending for " + sentMs + " ms");
      long allBytes = 2 * MODEL_BYTES + 2 * NEW_BYTES;
      assertTrue(inMemory(reader) < allBytes, "the prefetch had ended");
      // 100 ms, and what it takes to open the file.
      assertTrue(sentMs <= 250, () -> "it went on for " + sentMs + " ms");
      await("it goes on later", () -> inMemory(reader) >= allBytes);
    }
  }
}
