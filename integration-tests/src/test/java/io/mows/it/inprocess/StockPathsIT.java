// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileOutStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.grpc.CreateFilePOptions;
import alluxio.grpc.FreePOptions;
import alluxio.grpc.OpenFilePOptions;
import alluxio.grpc.ReadPType;
import alluxio.grpc.TaskStatus;
import alluxio.grpc.WritePType;
import io.mows.it.cluster.Deadline;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not accelerated works as in stock Alluxio. */
final class StockPathsIT {
  private static final long LENGTH_BYTES = 9 * MB + 99;

  @TempDir static Path dir;
  private static InProcessCluster cluster;

  private final TestContent content = new TestContent(11, LENGTH_BYTES);
  private long originBefore;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        InProcessCluster.start(
            dir,
            Map.of(
                "alluxio.mows.paths", "/models/fast, /written",
                "alluxio.user.block.size.bytes.default", "4MB",
                "alluxio.user.short.circuit.enabled", false));
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void remember() {
    originBefore = InProcessCluster.bytesFromOrigin();
  }

  private void assertReads(String path, ReadPType how) throws Exception {
    try (FileSystem client = cluster.client(Map.of());
        FileInStream in =
            client.openFile(
                new AlluxioURI(path), OpenFilePOptions.newBuilder().setReadType(how).build())) {
      content.assertSameAs(in, 100_000);
    }
  }

  private long readByUs() {
    return InProcessCluster.bytesFromOrigin() - originBefore;
  }

  @Test
  void shouldReadOtherPathsAsStock() throws Exception {
    String path = cluster.originFile("slow/model.bin", content);
    assertReads(path, ReadPType.CACHE);
    assertEquals(0, readByUs());
    Deadline.await("stock Alluxio caches it", () -> cluster.isCached(path));
    assertReads(path, ReadPType.CACHE);
  }

  @Test
  void shouldTakeAPathForADirectoryAndNotForAPrefixOfNames() throws Exception {
    assertReads(cluster.originFile("faster/model.bin", content), ReadPType.CACHE);
    assertEquals(0, readByUs());
  }

  @Test
  void shouldLoadAndCacheOtherPathsAsStock() throws Exception {
    String loaded = cluster.originFile("slow/loaded.bin", content);
    assertEquals(TaskStatus.SUCCESS, cluster.load(loaded).getStatus());
    assertTrue(cluster.isCached(loaded));

    String cached = cluster.originFile("slow/cached.bin", content);
    for (int block = 0; block < 3; block++) {
      cluster.cache(cached, block, false);
    }
    assertTrue(cluster.isCached(cached));
    assertEquals(0, readByUs());
    assertReads(loaded, ReadPType.CACHE);
    assertReads(cached, ReadPType.CACHE);
  }

  @Test
  void shouldAccelerateThePathsItIsTold() throws Exception {
    assertReads(cluster.originFile("fast/model.bin", content), ReadPType.CACHE);
    assertEquals(LENGTH_BYTES, readByUs());
  }

  @Test
  void shouldNotCacheForAClientThatSaysSo() throws Exception {
    String path = cluster.originFile("fast/uncached.bin", content);
    assertReads(path, ReadPType.NO_CACHE);
    assertEquals(0, readByUs());
    assertFalse(cluster.isCached(path));
  }

  @ParameterizedTest
  @EnumSource(
      value = WritePType.class,
      names = {"MUST_CACHE", "CACHE_THROUGH", "ASYNC_THROUGH", "THROUGH"})
  void shouldReadBackWhatIsWrittenThroughAlluxio(WritePType how) throws Exception {
    AlluxioURI path = new AlluxioURI("/written/" + how);
    try (FileSystem client = cluster.client(Map.of())) {
      CreateFilePOptions options =
          CreateFilePOptions.newBuilder().setWriteType(how).setRecursive(true).build();
      try (FileOutStream out = client.createFile(path, options)) {
        content.writeTo(out);
      }
    }
    assertReads(path.getPath(), ReadPType.CACHE);
    assertEquals(how == WritePType.THROUGH ? LENGTH_BYTES : 0, readByUs());
  }

  @Test
  void shouldReadBackWhatWasWrittenThroughAndFreed() throws Exception {
    AlluxioURI path = new AlluxioURI("/written/freed");
    try (FileSystem client = cluster.client(Map.of())) {
      CreateFilePOptions options =
          CreateFilePOptions.newBuilder()
              .setWriteType(WritePType.CACHE_THROUGH)
              .setRecursive(true)
              .build();
      try (FileOutStream out = client.createFile(path, options)) {
        content.writeTo(out);
      }
      URIStatus status = client.getStatus(path);
      client.free(path, FreePOptions.newBuilder().setForced(true).build());
      Deadline.await(
          "freed",
          () ->
              status.getBlockIds().stream()
                  .noneMatch(id -> cluster.worker().getBlockStore().hasBlockMeta(id)));
    }
    assertReads(path.getPath(), ReadPType.CACHE);
    assertEquals(LENGTH_BYTES, readByUs(), "it is at the origin now, so it is ours");
    assertEquals(0, InProcessCluster.counter("SourcesChanged"));
  }
}
