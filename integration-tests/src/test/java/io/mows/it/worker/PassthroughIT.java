// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.Fault;
import io.mows.it.origin.RequestKind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount whose files the kernel reads by itself once they are in memory. */
class PassthroughIT {
  private static final int MEMORY_BYTES = 128 * MIB;
  private static final int FILE_BYTES = 40 * MIB + 5;

  /** As many as there is memory for. */
  private static final List<String> FILLERS = List.of("filler1", "filler2", "filler3");

  @TempDir private static Path bucket;
  private static LocalCluster cluster;
  private static Path mount;

  @BeforeAll
  static void startCluster() throws IOException {
    assumeTrue(kernelCan(), "passthrough is there since Linux 6.9");
    for (String name :
        List.of("read", "mapped", "kept", "closed", "filler1", "filler2", "filler3")) {
      write(name, FILE_BYTES, name.hashCode());
    }
    write("several-blocks", 3 * 64 * MIB / 2, 1);
    Files.createDirectories(bucket.resolve("dir"));
    for (int i = 0; i < 300; i++) {
      Files.write(bucket.resolve("dir/file-" + i), new byte[i]);
    }
    cluster =
        LocalCluster.start(
            Clusters.mows(bucket)
                .ramdiskBytes(MEMORY_BYTES)
                .property("alluxio.mows.fuse.passthrough", "true")
                .property("alluxio.mows.fuse.open.wait", "0s")
                .build());
    mount = cluster.worker(0).mountPoint();
  }

  private static boolean kernelCan() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease"));
    List<String> numbers = Splitter.on('.').splitToList(release);
    int major = Integer.parseInt(numbers.get(0));
    return major > 6 || (major == 6 && Integer.parseInt(numbers.get(1)) >= 9);
  }

  private static byte[] write(String name, int bytes, long seed) throws IOException {
    return Clusters.randomFile(bucket.resolve(name + "/file"), bytes, seed);
  }

  private static byte[] written(String name) throws IOException {
    return Files.readAllBytes(bucket.resolve(name + "/file"));
  }

  private static Path mounted(String name) {
    return mount.resolve(name + "/file");
  }

  @AfterAll
  static void stopCluster() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** What the worker itself gave to readers, from wherever. */
  private static long served() throws IOException {
    return Clusters.metric(cluster, "BytesServedMemory")
        + Clusters.metric(cluster, "BytesServedInFlight")
        + Clusters.metric(cluster, "BytesServedUncached");
  }

  private static void awaitInMemory(String name) throws Exception {
    byte[] content = written(name);
    Clusters.await(name + " to be whole", () -> readsWithoutTheWorker(name, content));
  }

  @Test
  void shouldHaveTheKernelReadWhatIsInMemory() throws Exception {
    byte[] content = written("read");
    assertArrayEquals(content, Clusters.readAll(mounted("read")));
    assertTrue(served() >= FILE_BYTES, "while it arrives the worker serves it");
    awaitInMemory("read");
    assertArrayEquals(content, Clusters.readDirect(mounted("read")));
    assertEquals(-1, readOneByteAt(mounted("read"), FILE_BYTES));
  }

  @Test
  void shouldOpenWhatIsInMemoryWhileTheMasterIsAway() throws Exception {
    byte[] content = write("away", MIB, 7);
    awaitInMemory("away");
    assertArrayEquals(
        content, Clusters.readWithoutMaster(cluster, () -> Clusters.readAll(mounted("away"))));
  }

  private static boolean readsWithoutTheWorker(String name, byte[] content) throws IOException {
    long before = served();
    assertArrayEquals(content, Clusters.readAll(mounted(name)));
    return served() == before;
  }

  private static int readOneByteAt(Path file, long position) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.read(ByteBuffer.allocate(1), position);
    }
  }

  @Test
  void shouldMapWhatIsInMemory() throws Exception {
    awaitInMemory("mapped");
    try (FileChannel channel = FileChannel.open(mounted("mapped"), StandardOpenOption.READ)) {
      byte[] bytes = new byte[FILE_BYTES];
      channel.map(MapMode.READ_ONLY, 0, FILE_BYTES).get(bytes);
      assertArrayEquals(written("mapped"), bytes);
    }
  }

  @Test
  void shouldReadAFileOfSeveralBlocksItself() throws IOException {
    byte[] content = written("several-blocks");
    assertArrayEquals(content, Clusters.readAll(mounted("several-blocks")));
    assertArrayEquals(content, Clusters.readAll(mounted("several-blocks")));
  }

  @Test
  void shouldServeManyReadersWhileAFileArrives() throws Exception {
    byte[] content = write("crowd", FILE_BYTES, 5);
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        reads.add(threads.submit(() -> Clusters.readAll(mounted("crowd"))));
      }
      for (Future<byte[]> read : reads) {
        assertArrayEquals(content, read.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldNotEvictWhatTheKernelReads() throws Exception {
    awaitInMemory("kept");
    byte[] content = written("kept");
    try (FileChannel channel = FileChannel.open(mounted("kept"), StandardOpenOption.READ)) {
      long before = fromOrigin("kept");
      for (String filler : FILLERS) {
        assertArrayEquals(written(filler), Clusters.readAll(mounted(filler)));
      }
      byte[] bytes = new byte[FILE_BYTES];
      channel.map(MapMode.READ_ONLY, 0, FILE_BYTES).get(bytes);
      assertArrayEquals(content, bytes);
      assertArrayEquals(content, Clusters.readAll(mounted("kept")));
      assertEquals(before, fromOrigin("kept"), "evicted");
    }
    Clusters.await("what was kept to make room for the others", () -> areInMemory(FILLERS));
  }

  @Test
  void shouldNotEvictWhatIsMappedAndClosedUntilItIsUnmapped() throws Exception {
    awaitInMemory("closed");
    byte[] content = written("closed");
    long before = fromOrigin("closed");
    MappedByteBuffer mapping;
    try (FileChannel channel = FileChannel.open(mounted("closed"), StandardOpenOption.READ)) {
      mapping = channel.map(MapMode.READ_ONLY, 0, FILE_BYTES);
    }
    assertEquals(FILE_BYTES, Files.size(mounted("closed")), "who looks at it does not keep it");
    for (String filler : FILLERS) {
      assertArrayEquals(written(filler), Clusters.readAll(mounted(filler)));
    }
    byte[] bytes = new byte[FILE_BYTES];
    mapping.get(bytes);
    assertArrayEquals(content, bytes);
    assertArrayEquals(content, Clusters.readAll(mounted("closed")));
    assertEquals(before, fromOrigin("closed"), "evicted");
    unmap(mapping);
    Clusters.await("what was unmapped to make room for the others", () -> areInMemory(FILLERS));
  }

  /** As the garbage collector would, one day. */
  private static void unmap(MappedByteBuffer mapping) throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    unsafe.getMethod("invokeCleaner", ByteBuffer.class).invoke(instance.get(null), mapping);
  }

  /** All at once: there is no room for one more then. */
  private static boolean areInMemory(List<String> names) throws IOException {
    boolean all = true;
    for (String name : names) {
      all &= readsWithoutTheWorker(name, written(name));
    }
    return all;
  }

  private static long fromOrigin(String name) throws IOException {
    return cluster.origin().admin().stats().object(name + "/file").bytesSent();
  }

  @Test
  void shouldShowTheNewVersionOfAFile() throws Exception {
    write("replaced", MIB, 1);
    assertArrayEquals(written("replaced"), Clusters.readAll(mounted("replaced")));
    awaitInMemory("replaced");
    try (FileChannel old = FileChannel.open(mounted("replaced"), StandardOpenOption.READ)) {
      byte[] fresh = write("replaced", 2 * MIB, 2);
      assertTrue(
          cluster.cli("fs", "rm", "-R", "--alluxioOnly", "/replaced").succeeded(), "not removed");
      assertTrue(cluster.cli("fs", "ls", "-f", "/replaced").succeeded());
      // An open may know for a second what the master has said before (see Freshness).
      Clusters.await(
          "the new version to be shown",
          () -> Clusters.readAll(mounted("replaced")).length == fresh.length);
      assertArrayEquals(fresh, Clusters.readAll(mounted("replaced")));
      assertEquals(MIB, old.size());
    }
  }

  @Test
  void shouldListWhatIsThere() throws IOException {
    try (Stream<Path> files = Files.list(mount.resolve("dir"))) {
      assertEquals(
          300, files.map(Path::getFileName).map(Path::toString).distinct().count(), "files");
    }
    assertEquals(299, Files.size(mount.resolve("dir/file-299")));
    assertTrue(Files.isDirectory(mount.resolve("dir")));
    assertEquals(0, Clusters.readAll(mount.resolve("dir/file-0")).length);
    assertFalse(Files.exists(mount.resolve("dir/nothing")));
    assertThrows(NoSuchFileException.class, () -> Clusters.readAll(mount.resolve("nothing/file")));
  }

  @Test
  void shouldRefuseEveryChange() {
    assertReadOnly(() -> Files.write(mount.resolve("fresh"), new byte[1]));
    assertReadOnly(() -> Files.createDirectory(mount.resolve("fresh")));
    assertReadOnly(() -> Files.delete(mount.resolve("dir/file-1")));
    assertReadOnly(() -> Files.move(mount.resolve("dir"), mount.resolve("moved")));
  }

  private static void assertReadOnly(org.junit.jupiter.api.function.Executable change) {
    String reason = assertThrows(FileSystemException.class, change).getReason();
    assertEquals("Read-only file system", reason);
  }

  @Test
  void shouldHandOverWhatIsOpenedWhileItArrives() throws Exception {
    try (LocalCluster other = LocalCluster.start(Clusters.mows(bucket).build())) {
      Path otherMount = other.worker(0).mountPoint();
      // On a machine that does not get on for seconds an open does not wait: one of three will do.
      for (String name : List.of("read", "mapped", "kept")) {
        assertArrayEquals(written(name), Clusters.readAll(otherMount.resolve(name + "/file")));
      }
      assertTrue(Clusters.metric(other, "FilesPassedThrough") > 0, "they were whole soon");

      // A process that waits for an origin that is slow to answer is gone when it is killed.
      Path late = otherMount.resolve("closed/file");
      assertEquals(FILE_BYTES, Files.size(late));
      Fault slow = Fault.delay(30_000).onKeys("closed/*").onRequests(RequestKind.GET);
      other.origin().admin().setFaults(List.of(slow));
      Process reader = new ProcessBuilder("cat", late.toString()).start();
      assertFalse(reader.waitFor(1, TimeUnit.SECONDS));
      assertEquals(FILE_BYTES, Files.size(late), "who looks at it does not wait");
      long startNs = System.nanoTime();
      reader.destroyForcibly().waitFor();
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      assertTrue(tookMs < 15_000, () -> "it was killed and stayed for " + tookMs + " ms");
    }
  }

  @Test
  void shouldUnmountWhenTheWorkerStopsEvenWhileAFileIsOpen() throws Exception {
    try (LocalCluster other =
        LocalCluster.start(
            Clusters.mows(bucket).property("alluxio.mows.fuse.passthrough", "true").build())) {
      Path otherMount = other.worker(0).mountPoint();
      assertArrayEquals(written("read"), Clusters.readAll(otherMount.resolve("read/file")));
      FileChannel open = FileChannel.open(otherMount.resolve("read/file"), StandardOpenOption.READ);
      assertEquals(FILE_BYTES, open.size());
      terminate(other.worker(0).pid());
      Clusters.await("the worker to end", () -> !other.worker(0).isAlive());
      assertEquals(List.of(), mountsAt(otherMount));
      try {
        open.close();
      } catch (IOException e) {
        System.out.println("Nobody is there to be told: " + e);
      }
    }
  }

  private static void terminate(long pid) {
    assertTrue(ProcessHandle.of(pid).orElseThrow().destroy());
  }

  private static List<String> mountsAt(Path point) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(" " + point + " "))
        .collect(Collectors.toList());
  }
}
