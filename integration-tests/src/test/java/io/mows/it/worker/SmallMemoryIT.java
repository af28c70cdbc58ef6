// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose memory is smaller than what is read. */
class SmallMemoryIT {
  private static final int MEMORY_BYTES = 64 * MIB;

  @TempDir private static Path bucket;
  private static LocalCluster cluster;
  private static Path mount;
  private static byte[] large;
  private static byte[] pinned;
  private static byte[] other;

  @BeforeAll
  static void startCluster() throws IOException {
    large = Clusters.randomFile(bucket.resolve("large/file"), 3 * MEMORY_BYTES + 77, 1);
    pinned = Clusters.randomFile(bucket.resolve("pinned/file"), MEMORY_BYTES - 8 * MIB, 2);
    other = Clusters.randomFile(bucket.resolve("other/file"), 48 * MIB + 5, 3);
    cluster =
        LocalCluster.start(
            Clusters.mows(bucket)
                .ramdiskBytes(MEMORY_BYTES)
                .property("alluxio.user.block.size.bytes.default", "16MB")
                .build());
    mount = cluster.worker(0).mountPoint();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    cluster.close();
  }

  @Test
  void shouldReadAFileLargerThanTheMemory() throws IOException {
    assertArrayEquals(large, Clusters.readAll(mount.resolve("large/file")));
    assertArrayEquals(
        java.util.Arrays.copyOfRange(large, 5 * MIB, 6 * MIB),
        Clusters.readAt(mount.resolve("large/file"), 5 * MIB, MIB));
  }

  @Test
  void shouldStreamThroughWhenAllMemoryIsPinned() throws Exception {
    assertArrayEquals(pinned, Clusters.readAll(mount.resolve("pinned/file")));
    assertTrue(cluster.worker(0).cli("fs", "pin", "/pinned").succeeded());
    // The worker asks the master for the pins once a second; until then it may evict these blocks.
    Clusters.await("the worker to hear of the pin", () -> pinnedBytesReadAgain() == 0);
    double streamedBefore = Clusters.metric(cluster, "BytesServedUncached");
    assertEquals(0, pinnedBytesReadAgain(), "evicted");
    assertTrue(
        Clusters.metric(cluster, "BytesServedUncached") > streamedBefore, "nothing was streamed");
    assertTrue(cluster.worker(0).cli("fs", "unpin", "/pinned").succeeded());
  }

  /**
   * The bytes of the pinned file that the origin had to send again because reading another file
   * evicted them.
   */
  private static long pinnedBytesReadAgain() throws IOException {
    assertArrayEquals(pinned, Clusters.readDirect(mount.resolve("pinned/file")));
    long before = pinnedBytesSent();
    cluster.worker(0).cli("fs", "free", "/other");
    assertArrayEquals(other, Clusters.readDirect(mount.resolve("other/file")));
    assertArrayEquals(pinned, Clusters.readDirect(mount.resolve("pinned/file")));
    return pinnedBytesSent() - before;
  }

  private static long pinnedBytesSent() throws IOException {
    return cluster.origin().admin().stats().object("pinned/file").bytesSent();
  }
}
