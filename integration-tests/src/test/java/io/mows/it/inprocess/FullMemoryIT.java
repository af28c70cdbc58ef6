// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.grpc.BlockStatus;
import alluxio.grpc.LoadResponse;
import alluxio.grpc.TaskStatus;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.worker.block.io.BlockReader;
import io.grpc.Status;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that do not fit into the worker's memory are read all the same. */
final class FullMemoryIT {
  private static final long MEMORY_BYTES = 16 * MB;

  @TempDir Path dir;
  private InProcessCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster =
        InProcessCluster.start(
            dir,
            Map.of(
                "alluxio.worker.ramdisk.size", "16MB",
                "alluxio.user.block.size.bytes.default", "4MB",
                "alluxio.user.short.circuit.enabled", false,
                "alluxio.mows.piece.size", "1MB"));
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private void assertReads(String path, TestContent content) throws Exception {
    try (FileSystem client = cluster.client(Map.of());
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      content.assertSameAs(in, 300_000);
    }
  }

  private long usedBytes() {
    return cluster.worker().getStoreMeta().getUsedBytes();
  }

  @Test
  void shouldStreamAFileLargerThanTheMemoryThroughIt() throws Exception {
    TestContent content = new TestContent(1, 3 * MEMORY_BYTES + 777);
    String path = cluster.originFile("large.bin", content);
    assertReads(path, content);
    assertReads(path, content);
    assertTrue(usedBytes() <= MEMORY_BYTES, () -> usedBytes() + " bytes used");
  }

  @Test
  void shouldReadWithoutCachingWhenEverythingIsPinned() throws Exception {
    TestContent pinned = new TestContent(2, MEMORY_BYTES);
    String pinnedPath = cluster.originFile("pinned.bin", pinned);
    cluster.pin(pinnedPath);
    assertEquals(TaskStatus.SUCCESS, cluster.load(pinnedPath).getStatus());
    long ufsBefore = cluster.ufs().bytesRead();

    TestContent other = new TestContent(3, 10 * MB + 1);
    String otherPath = cluster.originFile("other.bin", other);
    assertReads(otherPath, other);

    assertTrue(cluster.isCached(pinnedPath), "what is pinned stays");
    assertTrue(InProcessCluster.counter("BytesServedUncached") > 0);
    assertEquals(other.lengthBytes(), cluster.ufs().bytesRead() - ufsBefore, "origin read once");
    assertReads(pinnedPath, pinned);
  }

  @Test
  void shouldTellALoadThatThereIsNoRoom() throws Exception {
    String pinnedPath = cluster.originFile("pinned.bin", new TestContent(4, MEMORY_BYTES));
    cluster.pin(pinnedPath);
    cluster.load(pinnedPath);

    LoadResponse response =
        cluster.load(cluster.originFile("other.bin", new TestContent(5, 9 * MB)));

    assertEquals(TaskStatus.FAILURE, response.getStatus());
    List<BlockStatus> blocks = response.getBlockStatusList();
    assertEquals(3, blocks.size(), blocks::toString);
    for (BlockStatus block : blocks) {
      assertEquals(Status.Code.RESOURCE_EXHAUSTED.value(), block.getCode(), block::toString);
      assertFalse(block.getRetryable(), block::toString);
      assertTrue(
          block.getMessage().contains("alluxio.worker.ramdisk.size"), "says what to do: " + block);
    }
    assertTrue(cluster.isCached(pinnedPath));
  }

  /** Alluxio's own client does not ask a worker for such a block; a mount may. */
  @Test
  void shouldStreamABlockLargerThanTheMemory() throws Exception {
    TestContent content = new TestContent(6, 40 * MB);
    cluster.ufs().blockBytes(64 * MB);
    URIStatus status = cluster.status(cluster.originFile("one-block.bin", content));
    assertEquals(1, status.getBlockIds().size());
    OpenUfsBlockOptions options =
        OpenUfsBlockOptions.newBuilder()
            .setUfsPath(status.getUfsPath())
            .setBlockSize(status.getLength())
            .setMountId(status.getMountId())
            .setMaxUfsReadConcurrency(1)
            .build();
    long blockId = status.getBlockIds().get(0);
    try (BlockReader reader = cluster.worker().createBlockReader(1, blockId, 0, false, options);
        InputStream in = Channels.newInputStream(reader.getChannel())) {
      content.assertSameAs(in, 300_000);
    }
    assertFalse(cluster.worker().getBlockStore().hasBlockMeta(blockId));
    assertEquals(0, usedBytes());
  }

  @Test
  void shouldMakeRoomForWhatIsReadNow() throws Exception {
    String oldPath = cluster.originFile("old.bin", new TestContent(7, MEMORY_BYTES));
    assertEquals(TaskStatus.SUCCESS, cluster.load(oldPath).getStatus());

    TestContent content = new TestContent(8, MEMORY_BYTES / 2);
    String path = cluster.originFile("new.bin", content);
    assertReads(path, content);

    assertTrue(cluster.isCached(path), "the oldest blocks make room");
    List<Long> left =
        cluster.status(oldPath).getBlockIds().stream()
            .filter(id -> cluster.worker().getBlockStore().hasBlockMeta(id))
            .collect(Collectors.toList());
    assertEquals(2, left.size(), () -> "of the old file are left: " + left);
  }
}
