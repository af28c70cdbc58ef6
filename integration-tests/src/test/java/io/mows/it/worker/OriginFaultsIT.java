// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.Fault;
import io.mows.it.origin.OriginAdmin;
import io.mows.it.origin.RequestKind;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One MoWS worker on real processes, with an origin that misbehaves. */
class OriginFaultsIT {
  private static final int FILE_BYTES = 40 * MIB + 123;

  /** The file takes 20 s, so that a test can do something before it is whole, on any machine. */
  private static final Shaping LATE = Shaping.unshaped().withTotalBytesPerSecond(2 * MIB);

  @TempDir private static Path bucket;
  private static LocalCluster cluster;
  private static Path mount;
  private static OriginAdmin origin;

  @BeforeAll
  static void startCluster() throws IOException {
    Clusters.randomFile(bucket.resolve("first/file"), MIB, 1);
    cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.origin.patience", "10s").build());
    mount = cluster.worker(0).mountPoint();
    origin = cluster.origin().admin();
    Clusters.readAll(mount.resolve("first/file"));
  }

  @AfterAll
  static void stopCluster() throws IOException {
    cluster.close();
  }

  @AfterEach
  void healOrigin() throws IOException {
    origin.setFaults(List.of());
    origin.setShaping(Shaping.unshaped());
  }

  private static Fault onGets(Fault fault) {
    return fault.onRequests(RequestKind.GET);
  }

  private static byte[] readUnchecked(Path file) {
    try {
      return Clusters.readAll(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertReadsRight(String name, List<Fault> faults) throws IOException {
    byte[] expected = Clusters.randomFile(bucket.resolve(name), FILE_BYTES, name.hashCode());
    origin.setFaults(faults);
    assertArrayEquals(expected, Clusters.readAll(mount.resolve(name)));
    assertTrue(origin.stats().faultsInjected() > 0, "the origin injected no fault");
  }

  @Test
  void shouldReadThroughServerErrors() throws IOException {
    assertReadsRight(
        "errors/file",
        List.of(onGets(Fault.error(503).times(4)), onGets(Fault.error(500).times(3))));
  }

  @Test
  void shouldReadThroughErrorsOfVersionQuestions() throws IOException {
    assertReadsRight(
        "heads/file", List.of(Fault.error(503).onRequests(RequestKind.HEAD).skipping(2).times(2)));
  }

  @Test
  void shouldReadThroughResets() throws IOException {
    assertReadsRight("resets/file", List.of(onGets(Fault.reset(3 * MIB).times(5))));
  }

  @Test
  void shouldReadThroughTruncatedBodies() throws IOException {
    assertReadsRight("truncated/file", List.of(onGets(Fault.truncate(MIB).times(5))));
  }

  @Test
  void shouldReadThroughASlowFirstByte() throws IOException {
    assertReadsRight("slow/file", List.of(onGets(Fault.delay(12_000).times(2))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void shouldNotWaitForOneReadThatIsStuck(int which) throws IOException {
    double before = Clusters.metric(cluster, "OriginReadsStuck");
    long startNs = System.nanoTime();
    assertReadsRight(
        "stuck" + which + "/file", List.of(onGets(Fault.delay(20_000).skipping(which).times(1))));
    long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
    assertTrue(Clusters.metric(cluster, "OriginReadsStuck") > before);
    // After 10 s the socket would have given up.
    assertTrue(elapsedMs < 9_000, elapsedMs + " ms");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void shouldWaitForAnOriginThatFailsForAWhileAndAskItSeldom(int status) throws Exception {
    String name = "while" + status + "/file";
    byte[] expected = Clusters.randomFile(bucket.resolve(name), FILE_BYTES, status);
    Path file = mount.resolve(name);
    assertEquals(FILE_BYTES, Files.size(file));
    origin.setFaults(List.of(Fault.error(status).onKeys("while*")));
    CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> readUnchecked(file));
    Clusters.await("the origin to be asked", () -> origin.stats().faultsInjected() > 0);
    // Longer than the six attempts that a piece has.
    Thread.sleep(6_000);
    long asked = origin.stats().faultsInjected();
    origin.setFaults(List.of());
    assertArrayEquals(expected, reader.get(60, TimeUnit.SECONDS));
    // The first reads, all at once, then a few questions one at a time.
    assertTrue(asked <= 45, asked + " requests in 6 s");
    List<String> log = Files.readAllLines(cluster.worker(0).log());
    assertEquals(
        List.of(),
        log.stream().filter(line -> line.contains("Unable to execute HTTP")).collect(toList()),
        "the OSS client says each answer that is an error");
  }

  @ParameterizedTest
  @CsvSource({"500,is away since", "403,denies it since"})
  void shouldSayWhyWhenTheOriginStaysDownAndRecoverWithIt(int status, String why)
      throws IOException {
    String name = "down" + status + "/file";
    byte[] expected = Clusters.randomFile(bucket.resolve(name), FILE_BYTES, 7);
    Path file = mount.resolve(name);
    long fallbacks = Clusters.metric(cluster, "FallbacksRead");
    origin.setFaults(List.of(onGets(Fault.error(status))));
    assertThrows(IOException.class, () -> Clusters.readAll(file));
    List<String> log = Files.readAllLines(cluster.worker(0).log());
    assertTrue(
        log.stream().anyMatch(line -> line.contains(name) && line.contains(why)),
        "the log does not name the file and say that it " + why);
    assertTrue(Clusters.metric(cluster, "PiecesFailed") > 0);
    assertEquals(
        fallbacks, Clusters.metric(cluster, "FallbacksRead"), "stock Alluxio asked the origin");
    origin.setFaults(List.of());
    assertArrayEquals(expected, Clusters.readAll(file));
  }

  /** What the mount says of it; empty if it waits for nothing. */
  private static String waitsFor(Path file) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    ByteBuffer value = ByteBuffer.allocate(4 << 10);
    view.read("mows.waits_for", value);
    return StandardCharsets.UTF_8.decode(value.flip()).toString();
  }

  /** As a gateway that is paused: before, nothing was said until sockets had timed out. */
  @Test
  void shouldSayInSecondsThatReadersWaitForAnOriginThatHangs() throws Exception {
    String name = "hung/file";
    byte[] expected = Clusters.randomFile(bucket.resolve(name), FILE_BYTES, 12);
    Path file = mount.resolve(name);
    assertEquals(FILE_BYTES, Files.size(file));
    origin.setFaults(List.of(onGets(Fault.delay(6_000))));
    CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> readUnchecked(file));
    String words = "the origin sends nothing since";
    Clusters.await("the mount to say it", () -> waitsFor(file).contains(words));
    List<String> log = Files.readAllLines(cluster.worker(0).log());
    assertTrue(
        log.stream()
            .anyMatch(line -> line.contains("/" + name + " waits for") && line.contains(words)),
        "the log does not say who waits");
    origin.setFaults(List.of());
    assertArrayEquals(expected, reader.get(60, TimeUnit.SECONDS));
  }

  @Test
  void shouldNeverMixVersionsWhenTheSourceIsReplacedDuringALoad() throws Exception {
    byte[] before = Clusters.randomFile(bucket.resolve("replaced/file"), FILE_BYTES, 8);
    origin.setShaping(LATE);
    ByteBuffer read = ByteBuffer.allocate(FILE_BYTES);
    boolean failed = false;
    boolean replaced = false;
    try (FileChannel channel =
        FileChannel.open(mount.resolve("replaced/file"), StandardOpenOption.READ)) {
      while (read.position() < FILE_BYTES) {
        if (!replaced && read.position() > 0) {
          Clusters.randomFile(bucket.resolve("replaced/file"), FILE_BYTES, 9);
          replaced = true;
          origin.setShaping(Shaping.unshaped());
        }
        channel.read(read.limit(Math.min(FILE_BYTES, read.position() + MIB / 4)));
      }
    } catch (IOException e) {
      failed = true;
    }
    assertTrue(failed, "a file replaced during its load was read to the end without an error");
    int got = read.position();
    assertTrue(
        Arrays.equals(before, 0, got, read.array(), 0, got), "a byte is not of the first version");
    assertTrue(Clusters.metric(cluster, "SourcesChanged") > 0);
    String log = Files.readString(cluster.worker(0).log());
    assertTrue(log.contains("was replaced at the origin"), "the log does not say what happened");
  }

  @Test
  void shouldFailClearlyWhenTheSourceIsDeletedDuringALoad() throws Exception {
    Clusters.randomFile(bucket.resolve("deleted/file"), FILE_BYTES, 10);
    origin.setShaping(LATE);
    Path file = mount.resolve("deleted/file");
    Clusters.readAt(file, 0, 4096);
    Files.delete(bucket.resolve("deleted/file"));
    origin.setShaping(Shaping.unshaped());
    assertThrows(IOException.class, () -> Clusters.readAll(file));
    Clusters.await("the fetch to end", () -> Clusters.metric(cluster, "FetchesInFlight") == 0);
  }

  @Test
  void shouldGoOnAsReadAheadAndLeakNothingWhenTheReaderGoes() throws Exception {
    byte[] expected = Clusters.randomFile(bucket.resolve("gone/file"), FILE_BYTES, 11);
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(16 * MIB));
    Process reader =
        new ProcessBuilder("cat", mount.resolve("gone/file").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Clusters.await(
        "the origin to be read", () -> origin.stats().object("gone/file").bytesSent() > 0);
    reader.destroyForcibly().waitFor();
    Clusters.await(
        "the whole file to be fetched",
        () -> origin.stats().object("gone/file").bytesSent() >= FILE_BYTES);
    Clusters.await("the fetch to end", () -> Clusters.metric(cluster, "FetchesInFlight") == 0);
    long before = origin.stats().object("gone/file").bytesSent();
    assertArrayEquals(expected, Clusters.readAll(mount.resolve("gone/file")));
    assertEquals(before, origin.stats().object("gone/file").bytesSent(), "it was read again");
  }
}
