// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.client.file.FileSystem;
import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that stops in the middle of its work leaves nothing behind. */
final class ShutdownIT {
  @TempDir Path dir;

  @Test
  void shouldLeaveNeitherThreadsNorUnfinishedBlocks() throws Exception {
    List<String> storage;
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch reading = new CountDownLatch(1);
    try (InProcessCluster cluster = InProcessCluster.start(dir, Map.of())) {
      storage =
          Configuration.getList(PropertyKey.Template.WORKER_TIERED_STORE_LEVEL_DIRS_PATH.format(0));
      cluster.load(cluster.originFile("done.bin", new TestContent(1, 9 * MB)));
      String path = cluster.originFile("stuck.bin", new TestContent(2, 20 * MB));
      cluster
          .ufs()
          .beforeEachRead(
              offset -> {
                if (offset >= 4 * MB) {
                  reading.countDown();
                  awaitQuietly(stopping);
                }
              });
      for (int block = 0; block < 3; block++) {
        cluster.cache(path, block, true);
      }
      assertTrue(reading.await(30, TimeUnit.SECONDS));
      assertFalse(unfinishedBlocks(storage).isEmpty(), "a block is on its way");
      assertFalse(mowsThreads().isEmpty());

      long startNs = System.nanoTime();
      cluster.stopWorkers();
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      assertTrue(tookMs < 30_000, () -> "stopping took " + tookMs + " ms");
      assertThreadsEnded();
      assertEquals(List.of(), unfinishedBlocks(storage));
    } finally {
      stopping.countDown();
    }
  }

  @Test
  void shouldStopWithoutHavingReadAnything() throws Exception {
    try (InProcessCluster cluster = InProcessCluster.start(dir, Map.of());
        FileSystem client = cluster.client(Map.of())) {
      assertTrue(client.exists(new alluxio.AlluxioURI("/models")));
    }
    assertThreadsEnded();
  }

  private static void awaitQuietly(CountDownLatch latch) throws java.io.IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new java.io.InterruptedIOException("interrupted");
    }
  }

  /** An executor says that it has ended a moment before its last thread is gone. */
  private static void assertThreadsEnded() throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (!mowsThreads().isEmpty() && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(List.of(), mowsThreads());
  }

  private static List<String> mowsThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("mows-"))
        .sorted()
        .collect(Collectors.toList());
  }

  private static List<Path> unfinishedBlocks(List<String> storage) throws Exception {
    try (Stream<Path> all = Files.walk(Path.of(storage.get(0)))) {
      return all.filter(path -> path.toString().contains(".tmp_blocks"))
          .filter(Files::isRegularFile)
          .collect(Collectors.toList());
    }
  }
}
