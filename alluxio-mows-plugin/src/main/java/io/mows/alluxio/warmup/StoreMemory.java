// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.warmup;

import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.MemoryTier;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.warmup.WarmupMemory;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's block store for warm-up. Thread-safe. */
public final class StoreMemory implements WarmupMemory {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMemory.class);

  private final BlockStore store;
  private final MemoryTier tier;

  public StoreMemory(BlockStore store) {
    this.store = store;
    this.tier = new MemoryTier(store);
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
    return tier.freeBytes();
  }

  @Override
  public long capacityBytes() {
    return tier.capacityBytes();
  }
}
