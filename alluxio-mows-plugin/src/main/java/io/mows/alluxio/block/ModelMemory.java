// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreMeta;
import alluxio.worker.block.meta.BlockMeta;
import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker's memory holds, file by file. Thread-safe; may wait for the store's locks, so not
 * for readers.
 */
public final class ModelMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ModelMemory.class);

  private final BlockStore store;
  private final MemoryTier tier;
  private final Supplier<Set<Long>> pinnedFiles;
  private final long sessionId = IdUtils.createSessionId();

  /**
   * @param pinnedFiles the ids of those that are never evicted
   */
  public ModelMemory(BlockStore store, Supplier<Set<Long>> pinnedFiles) {
    this.store = store;
    this.tier = new MemoryTier(store);
    this.pinnedFiles = pinnedFiles;
  }

  /** How many bytes Alluxio may keep. */
  public long capacityBytes() {
    return tier.capacityBytes();
  }

  /** How many of these Alluxio believes to be free; room that is reserved is not. */
  public long freeBytes() {
    return tier.freeBytes();
  }

  /** The bytes of complete blocks by the ids of their files; pinned files are left out. */
  public Map<Long, Long> evictableBytes() {
    Set<Long> pinned = pinnedFiles.get();
    Map<Long, Long> bytes = new HashMap<>();
    for (long blockId : blocks()) {
      long fileId = IdUtils.fileIdFromBlockId(blockId);
      if (!pinned.contains(fileId)) {
        Optional<BlockMeta> block = store.getVolatileBlockMeta(blockId);
        block.ifPresent(meta -> bytes.merge(fileId, meta.getBlockSize(), Long::sum));
      }
    }
    return bytes;
  }

  private Collection<Long> blocks() {
    BlockStoreMeta meta = store.getBlockStoreMetaFull();
    Map<String, List<Long>> byTier = meta.getBlockList();
    return byTier == null
        ? List.of()
        : byTier.getOrDefault(meta.getStorageTierAssoc().getAlias(MemoryTier.NUMBER), List.of());
  }

  /** How many bytes of {@code file} lie in blocks that are not complete. */
  public long unfinishedBytes(FileSpec file) {
    long bytes = 0;
    for (int block = 0; block < file.layout().blockCount(); block++) {
      if (!store.hasBlockMeta(file.blockId(block))) {
        bytes += file.layout().blockLength(block);
      }
    }
    return bytes;
  }

  /** How many bytes of {@code file} lie in blocks that have no room yet. */
  public long missingBytes(FileSpec file) {
    long bytes = 0;
    for (int block = 0; block < file.layout().blockCount(); block++) {
      long blockId = file.blockId(block);
      if (!store.hasTempBlockMeta(blockId) && !store.hasBlockMeta(blockId)) {
        bytes += file.layout().blockLength(block);
      }
    }
    return bytes;
  }

  /** The blocks of these files are evicted after all others. */
  public void touch(Set<Long> fileIds) {
    for (long blockId : new ArrayList<>(blocks())) {
      if (fileIds.contains(IdUtils.fileIdFromBlockId(blockId))) {
        try {
          store.accessBlock(sessionId, blockId);
        } catch (RuntimeException e) {
          LOG.debug("Block {} is gone", blockId, e);
        }
      }
    }
  }
}
