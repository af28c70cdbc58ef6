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
    Clusters.await(
        "the worker to hear of the pin",
        () -> {
          cluster.worker(0).cli("fs", "free", "/other");
          return Clusters.metric(cluster, "BlocksRefused") > 0 || readOther();
        });
    assertArrayEquals(other, Clusters.readAll(mount.resolve("other/file")));
    assertTrue(Clusters.metric(cluster, "BytesServedUncached") > 0, "nothing was streamed");
    long before = cluster.origin().admin().stats().object("pinned/file").bytesSent();
    assertArrayEquals(pinned, Clusters.readAll(mount.resolve("pinned/file")));
    assertEquals(
        before, cluster.origin().admin().stats().object("pinned/file").bytesSent(), "evicted");
    assertTrue(cluster.worker(0).cli("fs", "unpin", "/pinned").succeeded());
  }

  private static boolean readOther() throws IOException {
    assertArrayEquals(other, Clusters.readAll(mount.resolve("other/file")));
    return false;
  }
}
