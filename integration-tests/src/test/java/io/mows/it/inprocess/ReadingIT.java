// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.grpc.LoadResponse;
import alluxio.grpc.TaskStatus;
import io.mows.alluxio.MowsBlockWorker;
import io.mows.it.cluster.Deadline;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A model file through every door of the worker: right bytes, and the origin read once. */
final class ReadingIT {
  /** Over two blocks and a bit, so that pieces and blocks end unevenly. */
  private static final long LENGTH_BYTES = 20 * MB + 12_345;

  @TempDir static Path dir;
  private static InProcessCluster cluster;

  private final TestContent content = new TestContent(20261121, LENGTH_BYTES);
  private String path;
  private long originBefore;
  private long ufsBefore;

  @BeforeAll
  static void start() throws Exception {
    // Room for the files of all tests: none of them is about eviction.
    cluster = InProcessCluster.start(dir, Map.of("alluxio.worker.ramdisk.size", "256MB"));
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void putFile(TestInfo test) throws Exception {
    path = cluster.originFile(test.getTestMethod().orElseThrow().getName() + ".bin", content);
    originBefore = InProcessCluster.bytesFromOrigin();
    ufsBefore = cluster.ufs().bytesRead();
  }

  private void assertOriginReadOnce() {
    assertEquals(LENGTH_BYTES, InProcessCluster.bytesFromOrigin() - originBefore, "by our metric");
    assertEquals(LENGTH_BYTES, cluster.ufs().bytesRead() - ufsBefore, "by the origin's count");
  }

  @Test
  void shouldHaveTakenOverTheWorker() {
    assertTrue(cluster.worker() instanceof MowsBlockWorker, () -> cluster.worker().toString());
  }

  @Test
  void shouldReadSequentiallyThroughGrpc() throws Exception {
    try (FileSystem client = cluster.client(Map.of("alluxio.user.short.circuit.enabled", false));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 100_000);
    }
    try (FileSystem client = cluster.client(Map.of("alluxio.user.short.circuit.enabled", false));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 1 << 20);
    }
    assertOriginReadOnce();
    assertTrue(cluster.isCached(path));
  }

  @Test
  void shouldReadAtRandomPositionsThroughGrpc() throws Exception {
    Random random = new Random(7);
    try (FileSystem client = cluster.client(Map.of("alluxio.user.short.circuit.enabled", false));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      for (int i = 0; i < 60; i++) {
        byte[] bytes = new byte[1 + random.nextInt(300_000)];
        long position = (long) (random.nextDouble() * (LENGTH_BYTES - bytes.length));
        if (random.nextBoolean()) {
          in.seek(position);
          int done = 0;
          while (done < bytes.length) {
            int count = in.read(bytes, done, bytes.length - done);
            assertTrue(count > 0, "at " + (position + done));
            done += count;
          }
        } else {
          assertEquals(bytes.length, in.positionedRead(position, bytes, 0, bytes.length));
        }
        content.assertSame(position, bytes);
      }
    }
    assertEquals(
        InProcessCluster.bytesFromOrigin() - originBefore,
        cluster.ufs().bytesRead() - ufsBefore,
        "nobody but the engine reads the origin");
    assertTrue(
        cluster.ufs().bytesRead() - ufsBefore <= LENGTH_BYTES, "no byte is read from it twice");
  }

  @Test
  void shouldReadThroughShortCircuitWhatIsCached() throws Exception {
    LoadResponse loaded = cluster.load(path);
    assertEquals(TaskStatus.SUCCESS, loaded.getStatus(), loaded::toString);
    assertTrue(cluster.isCached(path));
    long memoryBefore = InProcessCluster.counter("BytesServedMemory");
    try (FileSystem client = cluster.client(Map.of("alluxio.user.short.circuit.enabled", true));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 1 << 20);
    }
    assertEquals(
        memoryBefore,
        InProcessCluster.counter("BytesServedMemory"),
        "a short-circuit client reads the block file itself");
    assertOriginReadOnce();
  }

  @Test
  void shouldReadThroughShortCircuitClientWhatIsNotCached() throws Exception {
    try (FileSystem client = cluster.client(Map.of("alluxio.user.short.circuit.enabled", true));
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 1 << 20);
    }
    assertOriginReadOnce();
  }

  @Test
  void shouldCacheOneBlockOnRequest() throws Exception {
    cluster.cache(path, 1, false);

    long first = cluster.status(path).getBlockIds().get(0);
    long second = cluster.status(path).getBlockIds().get(1);
    assertTrue(cluster.worker().getBlockStore().hasBlockMeta(second));
    assertEquals(false, cluster.worker().getBlockStore().hasBlockMeta(first));
    assertEquals(8 * MB, cluster.ufs().bytesRead() - ufsBefore, "8 MB are two whole pieces");
  }

  @Test
  void shouldCacheInTheBackgroundOnRequest() throws Exception {
    for (int block = 0; block < 3; block++) {
      cluster.cache(path, block, true);
    }
    Deadline.await("all blocks cached", () -> cluster.isCached(path));
    assertOriginReadOnce();
  }

  @Test
  void shouldLoadAllBlocks() throws Exception {
    assertEquals(TaskStatus.SUCCESS, cluster.load(path).getStatus());

    assertTrue(cluster.isCached(path));
    assertEquals(100, cluster.status(path).getInAlluxioPercentage(), "as the master knows");
    assertOriginReadOnce();
    assertEquals(TaskStatus.SUCCESS, cluster.load(path).getStatus(), "once more");
    assertOriginReadOnce();
  }

  @Test
  void shouldShareOneFetchAmongConcurrentReaders() throws Exception {
    cluster.status(path);
    ParallelReaders.read(cluster, path, content, 6);
    assertOriginReadOnce();
  }
}
