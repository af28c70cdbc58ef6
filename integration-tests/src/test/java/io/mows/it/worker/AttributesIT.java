// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mount tells loaders and takes from them, through real system calls. */
class AttributesIT {
  private static final int SHARD_BYTES = 12 * MIB;
  private static final List<String> NAMES =
      List.of(
          "user.mows.end_seconds",
          "user.mows.held_bytes",
          "user.mows.proof",
          "user.mows.rate",
          "user.mows.status",
          "user.mows.waits_for",
          "user.mows.whole");

  @TempDir private static Path bucket;
  private static LocalCluster cluster;
  private static Path mount;
  private AttributeCaller caller;

  @BeforeAll
  static void startCluster() throws IOException {
    SyntheticModel.write(bucket.resolve("told"), 2L * SHARD_BYTES, 2, 1);
    SyntheticModel.write(bucket.resolve("quick"), MIB, 1, 3);
    SyntheticModel.write(bucket.resolve("wanted"), 4L * SHARD_BYTES, 4, 2);
    SyntheticModel.write(bucket.resolve("given-up"), 64L * MIB, 1, 4);
    SyntheticModel.write(bucket.resolve("killed"), 64L * MIB, 1, 5);
    cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.piece.size", "1MB").build());
    mount = cluster.worker(0).mountPoint();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void startCaller() throws IOException {
    caller = AttributeCaller.start();
  }

  @AfterEach
  void endCaller() throws IOException {
    caller.close();
    cluster.origin().admin().setShaping(Shaping.unshaped());
  }

  private static void slowOrigin(long bytesPerSecond) throws IOException {
    cluster.origin().admin().setShaping(Shaping.unshaped().withTotalBytesPerSecond(bytesPerSecond));
  }

  private static long fromOrigin(String model) throws IOException {
    return cluster.origin().admin().stats().bytesSent(key -> key.startsWith(model + "/"));
  }

  @Test
  void shouldTellHowFarAModelIs() throws Exception {
    Path model = mount.resolve("told");
    Path shard = model.resolve("model-00001-of-00002.safetensors");
    JsonNode cold = caller.status(model);
    assertEquals(0, cold.get("heldBytes").asLong(), cold::toString);
    List<Path> files = filesOf(model);
    assertEquals(files.size(), cold.get("files").asInt(), cold::toString);
    assertEquals(NAMES, caller.list(model));
    assertEquals("0", caller.get(shard, "user.mows.whole"));
    assertEquals(NAMES, caller.list(shard));
    assertEquals(0, fromOrigin("told"), "who only looks fetches nothing");
    slowOrigin(2 * MIB);
    Clusters.readAt(shard, 0, 1);
    Clusters.await("a rate to be told", () -> isArriving(caller.status(model)));
    cluster.origin().admin().setShaping(Shaping.unshaped());
    for (Path file : files) {
      Clusters.readAll(file);
    }
    Clusters.await(
        "the model to be proven",
        () -> caller.status(model).get("provenFiles").asInt() == files.size());
    JsonNode whole = caller.status(model);
    assertEquals(whole.get("bytes"), whole.get("heldBytes"), whole::toString);
    assertEquals(files.size(), whole.get("wholeFiles").asInt(), whole::toString);
    assertEquals(whole.get("bytes"), whole.get("originBytes"), whole::toString);
    assertEquals(0, whole.get("bytesPerSecond").asLong(), whole::toString);
    assertTrue(whole.get("endSeconds").isNull(), whole::toString);
    assertEquals("proven", caller.get(shard, "user.mows.proof"));
    assertEquals("1", caller.get(shard, "user.mows.whole"));
  }

  /** All but the manifest, which is never in memory. */
  private static List<Path> filesOf(Path model) throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      return files
          .filter(file -> !file.endsWith(CrcManifest.FILE_NAME))
          .collect(Collectors.toList());
    }
  }

  private static boolean isArriving(JsonNode status) {
    long held = status.get("heldBytes").asLong();
    return held > 0
        && held < status.get("bytes").asLong()
        && status.get("bytesPerSecond").asLong() > 0
        && status.get("endSeconds").asLong() > 0;
  }

  private static String shard(int number, int shards) {
    return String.format("model-%05d-of-%05d.safetensors", number, shards);
  }

  private long held(Path file) throws IOException {
    return Long.parseLong(caller.get(file, "user.mows.held_bytes"));
  }

  @Test
  void shouldFetchExactlyWhatIsWantedInThatOrder() throws Exception {
    Path model = mount.resolve("wanted");
    slowOrigin(4 * MIB);
    assertEquals("null", caller.want(model, List.of(shard(3, 4))));
    assertEquals("null", caller.want(model, List.of(shard(1, 4))));
    Clusters.await("the second file to begin", () -> held(model.resolve(shard(1, 4))) > 0);
    assertTrue(held(model.resolve(shard(3, 4))) > SHARD_BYTES / 2, "the first one comes first");
    cluster.origin().admin().setShaping(Shaping.unshaped());
    // Its reader opens what it wants, which says nothing of the other files.
    assertEquals(Files.size(model.resolve(shard(3, 4))), caller.read(model.resolve(shard(3, 4))));
    Clusters.await(
        "what is wanted to be whole", () -> caller.status(model).get("wholeFiles").asInt() == 2);
    JsonNode status = caller.status(model);
    assertEquals(
        Files.size(model.resolve(shard(1, 4))) + Files.size(model.resolve(shard(3, 4))),
        status.get("originBytes").asLong(),
        "and nothing else: " + status);
    caller.drop(model);
  }

  @Test
  void shouldRefuseListsThatAreWrong() throws Exception {
    Path model = mount.resolve("quick");
    assertEquals("EINVAL", caller.want(model, List.of("../told/config.json")));
    assertEquals("ENOENT", caller.want(model, List.of("nothing")));
    assertEquals("null", caller.want(model, List.of("crc32.txt")));
    caller.drop(model);
  }

  @Test
  void shouldStopWhenTheDirectoryIsClosedOrItsReaderKilled() throws Exception {
    slowOrigin(4 * MIB);
    Path givenUp = mount.resolve("given-up");
    Path killed = mount.resolve("killed");
    AttributeCaller victim = AttributeCaller.start();
    assertEquals("null", victim.want(killed, List.of(shard(1, 1))));
    Clusters.await("it to arrive", () -> held(killed) > 0);
    victim.kill();
    assertEquals("null", caller.want(givenUp, List.of(shard(1, 1))));
    Clusters.await("it to arrive", () -> held(givenUp) > 0);
    caller.drop(givenUp);
    // What is under way comes, and then nothing.
    Clusters.await("nothing to come any more", () -> rate(givenUp) == 0 && rate(killed) == 0);
    for (Path model : List.of(givenUp, killed)) {
      JsonNode status = caller.status(model);
      assertEquals(0, status.get("wholeFiles").asInt(), status::toString);
    }
  }

  private long rate(Path model) throws IOException {
    return Long.parseLong(caller.get(model, "user.mows.rate"));
  }

  @Test
  void shouldAnswerAsReadOnlyFileSystemsDo() throws Exception {
    Path file = mount.resolve("quick/config.json");
    assertEquals("ENODATA", caller.get(file, "user.other"));
    assertEquals("ENODATA", caller.get(file, "user.mows.other"));
    assertEquals("EROFS", caller.set(file, "user.mows.status"));
    assertEquals("EROFS", caller.remove(file, "user.mows.status"));
    assertEquals("ENODATA", caller.get(mount.resolve("quick/crc32.txt"), "user.mows.status"));
    assertEquals("ENOENT", caller.get(mount.resolve("quick/nothing"), "user.mows.status"));
  }

  @Test
  void shouldAnswerOftenAndWithoutTheMaster() throws Exception {
    Path file = mount.resolve("quick/config.json");
    caller.status(file);
    long startNs = System.nanoTime();
    for (int i = 0; i < 5_000; i++) {
      caller.get(file, "user.mows.status");
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    System.out.println("5000 times getxattr, each asked of another process, in " + tookMs + " ms");
    JsonNode status = Clusters.readWithoutMaster(cluster, () -> caller.status(file));
    assertEquals(1, status.get("files").asInt(), status::toString);
  }
}
