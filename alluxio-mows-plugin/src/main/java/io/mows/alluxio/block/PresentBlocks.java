// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.AbstractBlockStoreEventListener;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreLocation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which complete blocks the store has, from what it tells, so that the question waits for none of
 * its locks: while it makes room, these are held for long. May be wrong for a moment; who looks
 * into the store for a block says what was found there. Thread-safe.
 */
final class PresentBlocks extends AbstractBlockStoreEventListener {
  private final Set<Long> blocks = ConcurrentHashMap.newKeySet();

  /** Those that are in {@code store} now, and those that come. */
  static PresentBlocks of(BlockStore store) {
    PresentBlocks present = new PresentBlocks();
    store.registerBlockStoreEventListener(present);
    store.getBlockStoreMetaFull().getBlockList().values().forEach(present.blocks::addAll);
    return present;
  }

  boolean contains(long blockId) {
    return blocks.contains(blockId);
  }

  /** This block was looked for in the store. */
  void looked(long blockId, boolean found) {
    if (found) {
      blocks.add(blockId);
    } else {
      blocks.remove(blockId);
    }
  }

  @Override
  public void onCommitBlockToLocal(long blockId, BlockStoreLocation location) {
    blocks.add(blockId);
  }

  @Override
  public void onRemoveBlock(long blockId, BlockStoreLocation location) {
    blocks.remove(blockId);
  }

  @Override
  public void onBlockLost(long blockId) {
    blocks.remove(blockId);
  }
}
