// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.warmup;

import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreMeta;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.warmup.WarmupMemory;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's block store for warm-up. Thread-safe. */
public final class StoreMemory implements WarmupMemory {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMemory.class);

  private final BlockStore store;

  public StoreMemory(BlockStore store) {
    this.store = store;
  }

  @Override
  public boolean holds(FileSpec file, int block) {
    return store.hasBlockMeta(file.blockId(block));
  }

  @Override
  public boolean drop(FileSpec file, int block) {
    try {
      store.removeBlock(IdUtils.createSessionId(), file.blockId(block));
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.debug("Block {} of {} stays", block, file, e);
      return false;
    }
  }

  @Override
  public long freeBytes() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    return Math.max(0, meta.getCapacityBytes() - meta.getUsedBytes());
  }

  @Override
  public long capacityBytes() {
    return store.getBlockStoreMeta().getCapacityBytes();
  }
}
