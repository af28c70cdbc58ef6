// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;

import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.wire.FileInfo;
import alluxio.worker.block.io.BlockReader;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.engine.EngineLanes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Alluxio's own doors to one file whose content is that of {@link FakeSource}. */
final class TestDoors implements AutoCloseable {
  static final OpenUfsBlockOptions UFS =
      OpenUfsBlockOptions.newBuilder().setUfsPath("oss://bucket/1.bin").build();

  private final int fileBytes;
  private final int blockBytes;
  private final TestEngine engine;
  private final EngineLanes engineLanes;
  private final MowsBlockStore store;

  /**
   * @param dir where the blocks go
   * @param manifest what it says of the file
   */
  TestDoors(
      Path dir, VerifyMode verify, int fileBytes, int blockBytes, Supplier<Expectation> manifest) {
    this.fileBytes = fileBytes;
    this.blockBytes = blockBytes;
    engine =
        new TestEngine(
            dir, 2L * fileBytes, verify, file -> CompletableFuture.completedFuture(manifest.get()));
    FakeMaster master = new FakeMaster();
    master.answer = file();
    FileCatalog catalog =
        new FileCatalog(master, MowsConfs.paths("/models"), PIECE_BYTES, "crc32.txt");
    engineLanes = new EngineLanes(engine.engine(), fileBytes);
    store =
        new MowsBlockStore(
            engine.store().store(),
            catalog,
            engine.engine(),
            engineLanes,
            new MowsMetrics(),
            file -> {});
  }

  private FileInfo file() {
    List<Long> blocks =
        IntStream.range(0, (fileBytes + blockBytes - 1) / blockBytes)
            .mapToObj(TestDoors::block)
            .collect(Collectors.toList());
    return new FileInfo()
        .setFileId(Ids.file(1))
        .setPath("/models/1.bin")
        .setLength(fileBytes)
        .setBlockSizeBytes(blockBytes)
        .setBlockIds(blocks)
        .setCompleted(true)
        .setPersisted(true)
        .setUfsPath(UFS.getUfsPath())
        .setUfsFingerprint("");
  }

  static long block(int index) {
    return Ids.block(1, index);
  }

  TestEngine engine() {
    return engine;
  }

  MowsBlockStore store() {
    return store;
  }

  /** A reader of the first block, as Alluxio opens it. */
  BlockReader open(OpenUfsBlockOptions options) throws IOException {
    return store.createBlockReader(8, block(0), 0, false, options);
  }

  /** All of the first block. */
  ByteBuffer read(OpenUfsBlockOptions options) throws IOException {
    try (BlockReader reader = open(options)) {
      return reader.read(0, blockBytes);
    }
  }

  /** What the first block should be. */
  ByteBuffer right() {
    return ByteBuffer.wrap(FakeSource.content(0, blockBytes));
  }

  @Override
  public void close() throws IOException {
    engine.source().letGo();
    engineLanes.close();
    engine.close();
  }
}
