// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with a disk below its memory: what Alluxio moves there is read from there. */
final class StorageTiersIT {
  private static final int MIB = Clusters.MIB;
  private static final String DISK = "alluxio.worker.tieredstore.level1.";

  @TempDir private Path bucket;
  @TempDir private Path disk;

  @Test
  void shouldFetchIntoMemoryAndReadWhatIsOnDisk() throws Exception {
    byte[] one = Clusters.randomFile(bucket.resolve("one/weights"), 20 * MIB + 5, 61);
    byte[] two = Clusters.randomFile(bucket.resolve("two/weights"), 16 * MIB + 7, 62);
    ClusterConfig config =
        Clusters.mows(bucket)
            .ramdiskBytes(96L * MIB)
            .property("alluxio.user.block.size.bytes.default", "8MB")
            .property("alluxio.worker.tieredstore.levels", "2")
            // Alluxio's 1 GB would be more than this memory has.
            .property("alluxio.worker.management.tier.align.reserved.bytes", "1MB")
            .property(DISK + "alias", "SSD")
            .property(DISK + "dirs.path", disk.toString())
            .property(DISK + "dirs.quota", "256MB")
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      Path mount = cluster.worker(0).mountPoint();
      assertArrayEquals(one, Clusters.readDirect(mount.resolve("one/weights")));
      // Alluxio moves some of it by itself, as it likes; all of it is to be read from there.
      cluster.worker(0).stop();
      moveFiles(cluster.worker(0).memoryDir(), disk);
      cluster.worker(0).restart();
      cluster.origin().admin().resetCounters();
      assertArrayEquals(one, Clusters.readDirect(mount.resolve("one/weights")));
      assertEquals(0, cluster.origin().admin().stats().bytesSent(), "it is on the disk");
      assertArrayEquals(two, Clusters.readDirect(mount.resolve("two/weights")));
      assertArrayEquals(one, Clusters.readDirect(mount.resolve("one/weights")));
      assertEquals(two.length, cluster.origin().admin().stats().bytesSent());
      CliResult check = cluster.cli("fs", "mows", "check");
      assertTrue(check.output().contains("storage tiers"), check::toString);
    }
  }

  private static List<Path> filesBelow(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).collect(Collectors.toList());
    }
  }

  private static void moveFiles(Path from, Path to) throws IOException {
    for (Path file : filesBelow(from)) {
      Path moved = to.resolve(from.relativize(file).toString());
      Files.createDirectories(moved.getParent());
      Files.copy(file, moved);
      Files.delete(file);
    }
  }
}
