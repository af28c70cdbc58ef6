// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static io.mows.it.inprocess.InProcessCluster.MB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.grpc.BlockStatus;
import alluxio.grpc.FileSystemMasterCommonPOptions;
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.LoadMetadataPType;
import alluxio.grpc.LoadResponse;
import alluxio.grpc.TaskStatus;
import alluxio.worker.block.meta.BlockMeta;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is replaced at the origin while it is read: an error, never a mix of versions. */
final class ReplacedSourceIT {
  private static final long REPLACED_AT = 12 * MB;

  @TempDir Path dir;
  private InProcessCluster cluster;
  private final TestContent first = new TestContent(1, 24 * MB);
  private final TestContent second = new TestContent(2, 24 * MB);
  private String path;

  @BeforeEach
  void start() throws Exception {
    cluster =
        InProcessCluster.start(
            dir,
            Map.of(
                "alluxio.user.block.size.bytes.default", "4MB",
                "alluxio.user.short.circuit.enabled", false,
                "alluxio.mows.piece.size", "1MB",
                "alluxio.mows.origin.streams", "2"));
    path = cluster.originFile("model.bin", first);
    cluster.status(path);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  /** Puts the second version in place of the first, when the first read comes by the middle. */
  private void replaceInTheMiddle() {
    AtomicBoolean replaced = new AtomicBoolean();
    cluster
        .ufs()
        .beforeEachRead(
            offset -> {
              if (offset >= REPLACED_AT && replaced.compareAndSet(false, true)) {
                replace(second);
              }
            });
  }

  private void replace(TestContent content) throws IOException {
    Path next = cluster.originPath("next");
    content.writeTo(next);
    // As if some time had passed: the origin's clock may be coarse.
    Files.setLastModifiedTime(next, FileTime.fromMillis(System.currentTimeMillis() + 2_000));
    Files.move(
        next,
        cluster.originPath("model.bin"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  /** Reads until it fails, checking all that it gets; returns why it failed. */
  private IOException readUntilFailure() throws Exception {
    try (FileSystem client = cluster.client(Map.of());
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      return assertThrows(IOException.class, () -> first.assertSameAs(in, 200_000));
    }
  }

  @Test
  void shouldFailTheReaderAndNotMixVersions() throws Exception {
    replaceInTheMiddle();

    IOException failure = readUntilFailure();

    assertTrue(failure.toString().contains("was replaced at the origin"), failure::toString);
    assertTrue(failure.toString().contains("alluxio fs loadMetadata"), "names the remedy");
    assertTrue(InProcessCluster.counter("SourcesChanged") > 0);
  }

  @Test
  void shouldServeTheNewVersionAfterAMetadataSync() throws Exception {
    replaceInTheMiddle();
    readUntilFailure();

    cluster
        .client()
        .getStatus(
            new AlluxioURI(path),
            GetStatusPOptions.newBuilder()
                .setLoadMetadataType(LoadMetadataPType.ALWAYS)
                .setCommonOptions(
                    FileSystemMasterCommonPOptions.newBuilder().setSyncIntervalMs(0).build())
                .build());
    try (FileSystem client = cluster.client(Map.of());
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      second.assertSameAs(in, 200_000);
    }
  }

  @Test
  void shouldFailALoadForGood() throws Exception {
    replaceInTheMiddle();

    LoadResponse response = cluster.load(path);

    assertFalse(response.getStatus() == TaskStatus.SUCCESS, response::toString);
    for (BlockStatus block : response.getBlockStatusList()) {
      assertEquals(Status.Code.FAILED_PRECONDITION.value(), block.getCode(), block::toString);
      assertFalse(block.getRetryable(), block::toString);
      assertTrue(block.getMessage().contains("was replaced at the origin"), block::toString);
    }
    assertFalse(cluster.isCached(path));
    assertCachedBlocksAreOfTheFirstVersion();
  }

  private void assertCachedBlocksAreOfTheFirstVersion() throws Exception {
    for (int block = 0; block < 6; block++) {
      long id = cluster.status(path).getBlockIds().get(block);
      Optional<BlockMeta> meta = cluster.worker().getBlockStore().getVolatileBlockMeta(id);
      if (meta.isPresent()) {
        assertIsOfTheFirstVersion(block, Path.of(meta.get().getPath()));
      }
    }
  }

  private void assertIsOfTheFirstVersion(int block, Path file) throws Exception {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return; // It has just been dropped, as all will be that came for a file that is no more.
    }
    first.assertSame(block * 4L * MB, bytes);
  }

  @Test
  void shouldFailTheReaderOfADeletedFile() throws Exception {
    AtomicBoolean deleted = new AtomicBoolean();
    cluster
        .ufs()
        .beforeEachRead(
            offset -> {
              if (offset >= REPLACED_AT && deleted.compareAndSet(false, true)) {
                Files.delete(cluster.originPath("model.bin"));
              }
            });

    IOException failure = readUntilFailure();

    // Either we notice first, or stock Alluxio, which is asked when we cannot read.
    assertTrue(
        failure.toString().contains("no longer at the origin")
            || failure.toString().contains("No such file"),
        failure::toString);
  }

  @Test
  void shouldRecoverFromReadsThatFailOnce() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    cluster
        .ufs()
        .beforeEachRead(
            offset -> {
              if (offset >= REPLACED_AT && failed.compareAndSet(false, true)) {
                throw new IOException("the connection was reset");
              }
            });
    long failedBefore = InProcessCluster.counter("PiecesFailed");
    long fallbacksBefore = InProcessCluster.counter("FallbacksRead");

    try (FileSystem client = cluster.client(Map.of());
        FileInStream in = client.openFile(new AlluxioURI(path))) {
      first.assertSameAs(in, 200_000);
    }
    assertTrue(failed.get());
    assertEquals(failedBefore, InProcessCluster.counter("PiecesFailed"));
    assertEquals(
        fallbacksBefore, InProcessCluster.counter("FallbacksRead"), "no need for stock Alluxio");
  }
}
