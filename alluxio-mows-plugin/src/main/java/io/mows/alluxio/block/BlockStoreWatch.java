// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.util.IdUtils;
import alluxio.worker.block.AbstractBlockStoreEventListener;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreLocation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the engine which blocks are in the store, whoever put them there: those from before the
 * worker started, and those that Alluxio itself writes. Those of manifests it takes out, because a
 * client on this machine would read them without asking. Thread-safe; has one thread, {@code
 * mows-held}, because it asks the master which file a block belongs to.
 */
public final class BlockStoreWatch extends AbstractBlockStoreEventListener
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockStoreWatch.class);

  private final BlockStore store;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final ExecutorService thread;

  public BlockStoreWatch(BlockStore store, FileCatalog catalog, FetchEngine engine) {
    this.store = store;
    this.catalog = catalog;
    this.engine = engine;
    this.thread = Executors.newSingleThreadExecutor(NamedThreads.one("mows-held"));
  }

  /** These blocks are there. Returns at once. */
  public void scan(List<Long> blockIds) {
    blockIds.forEach(this::found);
  }

  private void found(long blockId) {
    try {
      thread.execute(() -> tell(blockId));
    } catch (RejectedExecutionException e) {
      LOG.debug("Block {} is not told of: the worker ends", blockId, e);
    }
  }

  private void tell(long blockId) {
    try {
      Optional<FileSpec> file = catalog.ofBlock(blockId);
      int block = file.isPresent() ? file.get().blockOf(blockId) : -1;
      if (block >= 0) {
        engine.found(file.get(), block);
      } else if (catalog.isManifest(blockId)) {
        store.removeBlock(IdUtils.createSessionId(), blockId);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Block {} stays, and peers are not told of it", blockId, e);
    }
  }

  @Override
  public void onCommitBlockToLocal(long blockId, BlockStoreLocation location) {
    found(blockId);
  }

  @Override
  public void onRemoveBlock(long blockId, BlockStoreLocation location) {
    engine.onBlockRemoved(blockId);
  }

  @Override
  public void onBlockLost(long blockId) {
    engine.onBlockRemoved(blockId);
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-held");
  }
}
