// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way into one MoWS worker, on real processes. */
class ReadDoorsIT {
  private static final int MODEL_BYTES = 48 * MIB;

  @TempDir private static Path bucket;
  private static LocalCluster cluster;
  private static Path mount;

  @BeforeAll
  static void startCluster() throws IOException {
    for (String name : List.of("mounted", "local", "submitted", "crowd", "cat")) {
      SyntheticModel.write(bucket.resolve("models/" + name), MODEL_BYTES, 2, name.hashCode());
    }
    SyntheticModel.write(bucket.resolve("models/away"), 8 * MIB, 1, 8);
    Path crowd = bucket.resolve("models/crowd");
    Clusters.randomFile(crowd.resolve("llama.Q4_K_M.gguf"), 16 * MIB, 9);
    Clusters.randomFile(crowd.resolve("pytorch_model.bin"), MODEL_BYTES, 11);
    cluster =
        LocalCluster.start(Clusters.mows(bucket).property("alluxio.mows.paths", "/models").build());
    mount = cluster.worker(0).mountPoint();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    cluster.close();
  }

  private static long originBytes(String model) throws IOException {
    return cluster
        .origin()
        .admin()
        .stats()
        .bytesSent(key -> key.startsWith("models/" + model + "/"));
  }

  private static void assertReadOnce(String model) throws IOException {
    long bytes = originBytes(model);
    assertTrue(
        bytes >= MODEL_BYTES && bytes <= MODEL_BYTES * 1.02,
        "the origin sent " + bytes + " bytes for a model of " + MODEL_BYTES);
  }

  /** What the origin has sent of the model but for the manifest, which is always read there. */
  private static long loadableBytes(String model) throws IOException {
    return cluster
        .origin()
        .admin()
        .stats()
        .bytesSent(key -> key.startsWith("models/" + model + "/") && !key.endsWith("/crc32.txt"));
  }

  private static void assertLoaded(String model) throws IOException {
    assertReadOnce(model);
    long before = loadableBytes(model);
    assertEquals(List.of(), CrcManifest.verify(mount.resolve("models/" + model)));
    assertEquals(before, loadableBytes(model), "it was not in memory");
  }

  @Test
  void shouldReadAModelThroughTheMountAndTheOriginOnce() throws IOException {
    assertEquals(List.of(), CrcManifest.verify(mount.resolve("models/mounted")));
    assertReadOnce("mounted");
  }

  @Test
  void shouldOpenWhatIsInMemoryWhileTheMasterIsAway() throws Exception {
    Path file = mount.resolve("models/away/model-00001-of-00001.safetensors");
    Path atOrigin = bucket.resolve("models/away").resolve(file.getFileName());
    byte[] content = Files.readAllBytes(atOrigin);
    assertArrayEquals(content, Clusters.readAll(file));
    Clusters.await(
        "the last block to be committed", () -> Clusters.metric(cluster, "FetchesInFlight") == 0);
    assertArrayEquals(content, Clusters.readWithoutMaster(cluster, () -> Clusters.readAll(file)));
  }

  /** Nothing but the shards that the index names, and the small files. */
  @Test
  void shouldFetchTheWholeModelWhenOneFileIsOpened() throws Exception {
    Path crowd = mount.resolve("models/crowd");
    Clusters.readAt(crowd.resolve("config.json"), 0, 1);
    Clusters.await("the model to be fetched", () -> originBytes("crowd") >= MODEL_BYTES);
    Clusters.await(
        "the last block to be committed", () -> Clusters.metric(cluster, "FetchesInFlight") == 0);
    System.out.println("read ahead: " + originBytes("crowd") + " bytes of " + MODEL_BYTES);
    assertReadOnce("crowd");
    readWithACrowd(crowd.resolve("model-00001-of-00002.safetensors"));
    assertReadOnce("crowd");
  }

  /** Two hundred readers at once, each somewhere else. */
  private static void readWithACrowd(Path file) throws Exception {
    byte[] expected =
        Files.readAllBytes(bucket.resolve("models/crowd").resolve(file.getFileName()));
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ExecutorService threads = Executors.newFixedThreadPool(200);
    try {
      List<Callable<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int offset = random.nextInt(expected.length - MIB);
        readers.add(
            () -> {
              byte[] part = Clusters.readAt(file, offset, MIB);
              assertArrayEquals(java.util.Arrays.copyOfRange(expected, offset, offset + MIB), part);
              return null;
            });
      }
      for (Future<Void> reader : threads.invokeAll(readers)) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldLoadLocally() throws IOException {
    CliResult result = cluster.worker(0).cli("fs", "load", "--local", "/models/local");
    assertTrue(result.succeeded(), result.output());
    assertLoaded("local");
  }

  @Test
  void shouldLoadASubmittedJob() throws Exception {
    // Alluxio's load job does not look for new files at the origin by itself.
    assertTrue(cluster.cli("fs", "ls", "-R", "/models/submitted").succeeded());
    CliResult submitted = cluster.cli("fs", "load", "/models/submitted", "--submit");
    assertTrue(submitted.succeeded(), submitted.output());
    AtomicReference<String> progress = new AtomicReference<>();
    Clusters.await(
        "the load job to end",
        () -> {
          progress.set(cluster.cli("fs", "load", "/models/submitted", "--progress").output());
          return !progress.get().contains("RUNNING");
        });
    assertTrue(progress.get().contains("SUCCEEDED"), progress.get());
    assertLoaded("submitted");
  }

  @Test
  void shouldReadThroughAClientOnAnotherNode() throws IOException {
    CliResult result =
        cluster.cli("fs", "checksum", "/models/cat/model-00001-of-00002.safetensors");
    assertTrue(result.succeeded(), result.output());
    byte[] content =
        Files.readAllBytes(bucket.resolve("models/cat/model-00001-of-00002.safetensors"));
    String md5 = org.apache.commons.codec.digest.DigestUtils.md5Hex(content);
    assertTrue(result.output().contains(md5), result.output());
  }

  @Test
  void shouldRefuseChangesOfAcceleratedPathsAsReadOnly() throws IOException {
    Path model = mount.resolve("models/mounted");
    assertReadOnlyError(() -> Files.write(model.resolve("new"), new byte[1]));
    assertReadOnlyError(
        () -> Files.write(model.resolve("config.json"), new byte[1], StandardOpenOption.APPEND));
    assertReadOnlyError(() -> Files.deleteIfExists(model.resolve("config.json")));
    assertReadOnlyError(
        () -> Files.move(model.resolve("config.json"), model.resolve("renamed.json")));
    assertReadOnlyError(() -> Files.createDirectory(model.resolve("directory")));
    assertReadOnlyError(() -> model.resolve("config.json").toFile().setWritable(false));
  }

  private interface Change {
    Object make() throws IOException;
  }

  private static void assertReadOnlyError(Change change) throws IOException {
    try {
      Object result = change.make();
      assertEquals(false, result, "the change was made");
    } catch (FileSystemException e) {
      assertEquals("Read-only file system", e.getReason());
    }
  }

  /** Through libfuse; {@link AttributesIT} asks a mount of our own. */
  @Test
  void shouldTellWhatItHasOfAFile() throws Exception {
    Path model = mount.resolve("models/mounted");
    Path file = model.resolve("config.json");
    try (AttributeCaller caller = AttributeCaller.start()) {
      assertEquals(7, caller.list(file).size());
      assertEquals(1, caller.status(file).get("files").asInt());
      assertTrue(caller.status(model).get("files").asInt() > 1);
      Clusters.readAll(file);
      Clusters.await("it to be whole", () -> caller.get(file, "user.mows.whole").equals("1"));
      assertEquals("ENODATA", caller.get(file, "user.other"));
      assertEquals("ENODATA", caller.get(mount, "user.mows.status"));
      assertEquals(List.of(), caller.list(mount));
      assertEquals("EROFS", caller.set(file, "user.other"));
      assertEquals("EROFS", caller.remove(file, "user.mows.whole"));
      // Alluxio's layer above libfuse does not pass it on.
      assertEquals("ENOTTY", caller.want(model, List.of("config.json")));
    }
  }

  @Test
  void shouldLeaveOtherPathsToStockAlluxio() throws IOException {
    long before = Clusters.metric(cluster, "PiecesArrived");
    Path other = Files.createDirectory(mount.resolve("other"));
    byte[] content = new byte[3 * MIB];
    new Random(5).nextBytes(content);
    Files.write(other.resolve("written"), content);
    assertArrayEquals(content, Clusters.readAll(other.resolve("written")));
    Files.delete(other.resolve("written"));
    assertEquals(before, Clusters.metric(cluster, "PiecesArrived"));
  }

  @Test
  void shouldShowItsMetricsToPrometheus() throws IOException {
    Clusters.readAt(mount.resolve("models/mounted/config.json"), 0, 1);
    URL page = cluster.worker(0).webUri().resolve("/metrics/prometheus/").toURL();
    String metrics;
    try (InputStream in = page.openStream()) {
      metrics = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String name :
        List.of(
            "Worker_MowsBytesFromOrigin ",
            "Worker_MowsFetchesInFlight ",
            "Worker_MowsReaderWait{quantile=\"0.99\",}",
            "Worker_CapacityUsed ")) {
      assertTrue(metrics.contains("\n" + name), () -> name + " in " + metrics);
    }
  }

  @Test
  void shouldSayThatAMissingFileIsMissing() {
    assertThrows(
        java.nio.file.NoSuchFileException.class,
        () -> Clusters.readAll(mount.resolve("models/mounted/nowhere")));
  }
}
