// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.ClientContext;
import alluxio.conf.Configuration;
import alluxio.exception.status.AlluxioStatusException;
import alluxio.exception.status.UnavailableException;
import alluxio.master.MasterClientContext;
import alluxio.master.NoopUfsManager;
import alluxio.worker.block.BlockLockManager;
import alluxio.worker.block.BlockMasterClient;
import alluxio.worker.block.BlockMasterClientPool;
import alluxio.worker.block.BlockMetadataManager;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.CreateBlockOptions;
import alluxio.worker.block.MonoBlockStore;
import alluxio.worker.block.TieredBlockStore;
import io.mows.alluxio.conf.TestConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Alluxio's own block store on a directory, with a master that only says yes, or no. */
public final class RealStore implements AutoCloseable {
  private static final long SESSION = 42;

  private final Path dir;
  private final BlockLockManager locks = new BlockLockManager();
  private final BlockStore store;
  private volatile boolean masterAnswers = true;
  private volatile CompletableFuture<Void> masterWaitsFor = CompletableFuture.completedFuture(null);

  public RealStore(Path dir, long capacityBytes) {
    this.dir = dir;
    TestConfiguration.storage(dir, capacityBytes);
    this.store =
        new MonoBlockStore(
            new TieredBlockStore(BlockMetadataManager.createBlockMetadataManager(), locks),
            new FakeMasterPool(),
            new NoopUfsManager(),
            new AtomicReference<>(1L));
  }

  public BlockStore store() {
    return store;
  }

  /** The blocks that are locked now, for reading or for writing. */
  Set<Long> lockedBlocks() {
    return locks.getLockedBlocks();
  }

  /** The master answers nothing until this is done. */
  void masterWaitsFor(CompletableFuture<Void> done) {
    masterWaitsFor = done;
  }

  void masterAnswers(boolean answers) {
    masterAnswers = answers;
  }

  /** Commits a block of these bytes, as a stock client would. */
  public void put(long blockId, byte[] bytes) throws IOException {
    String path =
        store.createBlock(SESSION, blockId, 0, new CreateBlockOptions(null, "", bytes.length));
    Files.write(Path.of(path), bytes);
    store.commitBlock(SESSION, blockId, false);
  }

  long usedBytes() {
    return store.getBlockStoreMeta().getUsedBytes();
  }

  /** The regular files below the store's directory. */
  Set<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile).collect(Collectors.toSet());
    }
  }

  Path pathOf(long blockId) {
    return Path.of(store.getVolatileBlockMeta(blockId).orElseThrow().getPath());
  }

  @Override
  public void close() throws IOException {
    store.close();
    TestConfiguration.reset();
  }

  private final class FakeMasterPool extends BlockMasterClientPool {
    @Override
    public BlockMasterClient createNewResource() {
      return new BlockMasterClient(
          MasterClientContext.newBuilder(ClientContext.create(Configuration.global())).build()) {
        @Override
        public void commitBlock(
            long workerId,
            long usedBytesOnTier,
            String tierAlias,
            String mediumType,
            long blockId,
            long length)
            throws AlluxioStatusException {
          masterWaitsFor.join();
          if (!masterAnswers) {
            throw new UnavailableException("the master does not answer");
          }
        }
      };
    }
  }
}
