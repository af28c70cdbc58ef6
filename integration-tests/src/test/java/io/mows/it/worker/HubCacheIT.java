// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Hugging Face cache on a NAS: snapshots that show the same blobs are in memory once. */
final class HubCacheIT {
  private static final String MODEL = "hub/models--org--name";
  private static final long MODIFIED_MS = 1_700_000_000_123L;

  @TempDir private Path nas;
  private final Map<String, byte[]> blobs = new LinkedHashMap<>();

  private void blob(String name, int bytes, int secondsLater) throws IOException {
    Path file = nas.resolve(MODEL).resolve("blobs").resolve(name);
    blobs.put(name, Clusters.randomFile(file, bytes, name.hashCode()));
    Files.setLastModifiedTime(file, FileTime.fromMillis(MODIFIED_MS + secondsLater * 1_000L));
  }

  private Path snapshot(String revision) {
    return nas.resolve(MODEL).resolve("snapshots").resolve(revision);
  }

  private void show(String revision, String name, String blob) throws IOException {
    Path link = snapshot(revision).resolve(name);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("../../blobs/" + blob));
  }

  private void revision(String revision, String readme) throws IOException {
    show(revision, "model-00001-of-00002.safetensors", "w1");
    show(revision, "model-00002-of-00002.safetensors", "w2");
    show(revision, "README.md", readme);
    StringBuilder manifest = new StringBuilder();
    for (String[] entry :
        new String[][] {
          {"w1", "model-00001-of-00002.safetensors"},
          {"w2", "model-00002-of-00002.safetensors"},
          {readme, "README.md"}
        }) {
      CRC32 crc = new CRC32();
      crc.update(blobs.get(entry[0]));
      manifest.append(String.format("%08x %s%n", crc.getValue(), entry[1]));
    }
    Files.write(
        snapshot(revision).resolve("crc32.txt"),
        manifest.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void assertRead(LocalCluster cluster, String revision, String readme) throws IOException {
    assertRead(cluster, revision, "model-00001-of-00002.safetensors", "w1");
    assertRead(cluster, revision, "model-00002-of-00002.safetensors", "w2");
    assertRead(cluster, revision, "README.md", readme);
  }

  private void assertRead(LocalCluster cluster, String revision, String name, String blob)
      throws IOException {
    assertArrayEquals(blobs.get(blob), read(cluster, revision, name), name);
  }

  private static byte[] read(LocalCluster cluster, String revision, String name)
      throws IOException {
    Path file =
        cluster.worker(0).mountPoint().resolve(MODEL).resolve("snapshots").resolve(revision);
    return Clusters.readDirect(file.resolve(name));
  }

  /** What all files below the worker's memory take, each counted once. */
  private static long memoryBytes(LocalCluster cluster) throws IOException, InterruptedException {
    Process du =
        new ProcessBuilder("du", "-s", "-B1", cluster.worker(0).memoryDir().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    du.waitFor();
    return Long.parseLong(said.substring(0, said.indexOf('\t')));
  }

  private static void awaitProven(LocalCluster cluster, int files) throws Exception {
    Clusters.await("the proof", () -> Clusters.metric(cluster, "FilesProven") == files);
  }

  @Test
  void shouldKeepOneCopyOfWhatSnapshotsShare() throws Exception {
    blob("w1", 20 * MIB + 5, 0);
    blob("w2", 12 * MIB + 77, 1);
    blob("w3", 12 * MIB + 77, 2);
    blob("r1", 3_000, 3);
    blob("r2", 3_100, 4);
    revision("one", "r1");
    revision("two", "r2");
    show("three", "model.safetensors", "w2");
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(1)
            .firstCompilerOnly(true)
            .dropInJar(Build.dropInJar())
            .jobServers(false)
            .localRoot(nas)
            .ramdiskBytes(256L * MIB)
            .property("alluxio.user.block.size.bytes.default", "16MB")
            .property("alluxio.mows.prefetch.idle", "false")
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      assertRead(cluster, "one", "r1");
      awaitProven(cluster, 3);
      long weights = (long) blobs.get("w1").length + blobs.get("w2").length;
      long before = Clusters.metric(cluster, "BytesFromOrigin");
      assertEquals(weights + 3_000, before);
      long memoryBefore = memoryBytes(cluster);
      assertTrue(memoryBefore >= weights, "in memory: " + memoryBefore);

      // Another revision, of which only the README is another one.
      assertRead(cluster, "two", "r2");
      assertEquals(before + 3_100, Clusters.metric(cluster, "BytesFromOrigin"));
      assertEquals(weights, Clusters.metric(cluster, "BytesLinked"));
      awaitProven(cluster, 6);
      long grown = memoryBytes(cluster) - memoryBefore;
      assertTrue(grown < MIB, "more memory: " + grown);

      // A link that is turned: the same length, other bytes, another time.
      assertRead(cluster, "three", "model.safetensors", "w2");
      assertEquals(before + 3_100, Clusters.metric(cluster, "BytesFromOrigin"));
      show("three", "model.safetensors", "w3");
      CliResult said = cluster.cli("fs", "loadMetadata", "-F", "/" + MODEL + "/snapshots/three");
      assertTrue(said.succeeded(), said::toString);
      // An open may know for a second what the master has said before.
      Clusters.await(
          "the other blob to be shown",
          () -> Arrays.equals(blobs.get("w3"), read(cluster, "three", "model.safetensors")));
      assertEquals(
          before + 3_100 + blobs.get("w3").length, Clusters.metric(cluster, "BytesFromOrigin"));

      // One of the names goes.
      long read = Clusters.metric(cluster, "BytesFromOrigin");
      String first = "/" + MODEL + "/snapshots/one";
      assertTrue(cluster.cli("fs", "free", "-f", first).succeeded());
      Clusters.await(
          "the first snapshot to leave memory",
          () ->
              cluster
                  .cli("fs", "stat", first + "/model-00001-of-00002.safetensors")
                  .output()
                  .contains("inMemoryPercentage=0"));
      assertRead(cluster, "two", "r2");
      assertEquals(read, Clusters.metric(cluster, "BytesFromOrigin"));
      shouldLinkForLoadsAndForClientsToo(cluster);
    }
  }

  /** By a load of Alluxio's; a client of another node reads them when the name before is gone. */
  private void shouldLinkForLoadsAndForClientsToo(LocalCluster cluster) throws Exception {
    revision("four", "r2");
    String shard = "/" + MODEL + "/snapshots/four/model-0000%d-of-00002.safetensors";
    String loaded = String.format(shard, 1);
    long origin = Clusters.metric(cluster, "BytesFromOrigin");
    long linked = Clusters.metric(cluster, "BytesLinked");
    assertTrue(cluster.cli("fs", "ls", loaded).succeeded());
    CliResult submitted = cluster.cli("fs", "load", loaded, "--submit");
    assertTrue(submitted.succeeded(), submitted::toString);
    Clusters.await(
        "the load job to end",
        () -> cluster.cli("fs", "load", loaded, "--progress").output().contains("SUCCEEDED"));
    assertEquals(linked + blobs.get("w1").length, Clusters.metric(cluster, "BytesLinked"));
    assertRead(cluster, "four", "model-00002-of-00002.safetensors", "w2");
    long weights = (long) blobs.get("w1").length + blobs.get("w2").length;
    assertEquals(linked + weights, Clusters.metric(cluster, "BytesLinked"));
    assertTrue(cluster.cli("fs", "free", "-f", "/" + MODEL + "/snapshots/two").succeeded());
    assertChecksum(cluster, loaded, "w1");
    assertChecksum(cluster, String.format(shard, 2), "w2");
    assertEquals(origin, Clusters.metric(cluster, "BytesFromOrigin"));
  }

  private void assertChecksum(LocalCluster cluster, String file, String blob) throws IOException {
    CliResult said = cluster.cli("fs", "checksum", file);
    String md5 = org.apache.commons.codec.digest.DigestUtils.md5Hex(blobs.get(blob));
    assertTrue(said.output().contains(md5), said::toString);
  }
}
