// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.Fault;
import io.mows.it.origin.OriginAdmin;
import io.mows.it.origin.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests, right and wrong, with real processes. */
class VerifyIT {
  private static final int FILE_BYTES = 20 * MIB + 123;

  @TempDir private Path bucket;

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format("%08x", crc.getValue());
  }

  private byte[] file(String path, long seed) throws IOException {
    return Clusters.randomFile(bucket.resolve(path), FILE_BYTES, seed);
  }

  private void manifest(String... lines) throws IOException {
    Files.write(bucket.resolve("model/crc32.txt"), List.of(lines));
  }

  @Test
  void shouldRefuseAFileThatIsNotWhatItsManifestSays() throws Exception {
    byte[] right = file("model/right", 1);
    byte[] wrong = file("model/wrong", 2);
    byte[] unnamed = file("model/unnamed", 3);
    manifest(crc32(right) + " right", "12345678 *wrong", "no-crc line");
    try (LocalCluster cluster = LocalCluster.start(Clusters.mows(bucket).build())) {
      Path mount = cluster.worker(0).mountPoint().resolve("model");
      assertArrayEquals(right, Clusters.readAll(mount.resolve("right")));
      assertArrayEquals(unnamed, Clusters.readAll(mount.resolve("unnamed")));
      Clusters.await("it is proven", () -> Clusters.metric(cluster, "FilesProven") == 1);
      assertRefused(cluster, mount.resolve("wrong"));

      CliResult verify = cluster.cli("fs", "mows", "verify", "/model");
      assertEquals(1, verify.exitCode(), verify::toString);
      String expected = "/model/wrong MISMATCH: CRC32 " + crc32(wrong) + ", expected 12345678";
      assertTrue(verify.output().contains(expected), verify::toString);
      assertTrue(verify.output().contains("/model/crc32.txt:3: "), verify::toString);
      assertTrue(verify.output().contains("1 proven, 1 pieces only, 1 MISMATCH"), verify::toString);
      CliResult status = cluster.cli("fs", "mows", "status");
      assertTrue(status.output().contains("/model/wrong"), status::toString);

      // Put right, it is read again.
      manifest(crc32(right) + " right", crc32(wrong) + " wrong");
      Clusters.await(
          "the file is shown",
          () -> {
            try {
              return Clusters.readAll(mount.resolve("wrong")).length == FILE_BYTES;
            } catch (IOException e) {
              return false;
            }
          });
      assertArrayEquals(wrong, Clusters.readAll(mount.resolve("wrong")));
      CliResult again = cluster.cli("fs", "mows", "verify", "/model");
      assertEquals(0, again.exitCode(), again::toString);

      // What judges is the origin's, also after somebody has read or loaded it.
      assertTrue(Files.readString(mount.resolve("crc32.txt")).contains("right"));
      assertEquals(0, cluster.cli("fs", "load", "--local", "/model").exitCode());
      CliResult judge = cluster.cli("fs", "stat", "/model/crc32.txt");
      assertTrue(judge.output().contains("inMemoryPercentage=0"), judge::toString);
    }
  }

  private static void assertRefused(LocalCluster cluster, Path file) throws Exception {
    Clusters.await(
        "the file is wrong twice",
        () -> {
          try {
            Clusters.readAll(file);
          } catch (IOException e) {
            // That is what happens once it is known.
          }
          return Clusters.metric(cluster, "FilesWrong") == 2;
        });
    Clusters.await(
        "readers get an error",
        () -> {
          try {
            Clusters.readAll(file);
            return false;
          } catch (IOException e) {
            return true;
          }
        });
    IOException failure = assertThrows(IOException.class, () -> Clusters.readAll(file));
    assertTrue(failure.getMessage().contains("Input/output error"), failure::toString);
    CliResult locations = cluster.cli("fs", "stat", "/model/wrong");
    assertTrue(locations.output().contains("inMemoryPercentage=0"), locations::toString);
  }

  @Test
  void shouldReadAFileOnceMoreThatTheOriginCorruptedOnce() throws Exception {
    byte[] bytes = file("model/file", 1);
    manifest(crc32(bytes) + " file");
    try (LocalCluster cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.verify", "strict").build())) {
      OriginAdmin origin = cluster.origin().admin();
      Path file = cluster.worker(0).mountPoint().resolve("model/file");
      origin.setFaults(
          List.of(Fault.corrupt(5).onRequests(RequestKind.GET).onKeys("model/file").times(1)));
      assertArrayEquals(bytes, Clusters.readAll(file));
      assertEquals(1, Clusters.metric(cluster, "FilesWrong"));
      assertEquals(1, Clusters.metric(cluster, "FilesProven"));
    }
  }

  @Test
  void shouldShowOnlyProvenFilesIfStrict() throws Exception {
    byte[] right = file("model/right", 1);
    file("model/unnamed", 3);
    manifest(crc32(right) + " right");
    try (LocalCluster cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.verify", "strict").build())) {
      Path mount = cluster.worker(0).mountPoint().resolve("model");
      assertArrayEquals(right, Clusters.readAll(mount.resolve("right")));
      assertThrows(IOException.class, () -> Clusters.readAll(mount.resolve("unnamed")));
      assertTrue(Files.readString(mount.resolve("crc32.txt")).contains("right"));
      CliResult verify = cluster.cli("fs", "mows", "verify", "/model");
      assertEquals(1, verify.exitCode(), verify::toString);
      assertTrue(verify.output().contains("1 proven, 1 UNREADABLE"), verify::toString);
      assertTrue(verify.output().contains("has no entry in /model/crc32.txt"), verify::toString);
    }
  }

  @Test
  void shouldWriteAManifestThatProvesTheModel() throws Exception {
    file("model/a", 1);
    file("model/sub/b", 2);
    try (LocalCluster cluster = LocalCluster.start(Clusters.mows(bucket).build())) {
      Path manifest = bucket.resolve("model/crc32.txt");
      CliResult written = cluster.cli("fs", "mows", "manifest", "/model", "-o", "" + manifest);
      assertEquals(0, written.exitCode(), written::toString);
      CliResult verify = cluster.cli("fs", "mows", "verify", "/model");
      assertEquals(0, verify.exitCode(), verify::toString);
      assertTrue(verify.output().contains("2 files: 2 proven"), verify::toString);
    }
  }
}
