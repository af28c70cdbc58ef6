// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.BlockLock;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.meta.BlockMeta;
import io.mows.channel.Shortage;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Complete blocks that are being read: each is opened and locked against eviction once, for all its
 * readers, and let go a moment after the last of them. Thread-safe.
 */
final class OpenBlocks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenBlocks.class);

  /**
   * While as many are open, a block is let go of with its last reader. Alluxio has so many locks
   * for blocks (alluxio.worker.tieredstore.block.locks, 1000 by default), half of which the kernel
   * may have, and whoever wants one more waits until one is free.
   */
  static final int MAX_KEPT = 100;

  private final BlockStore store;
  private final long sessionId;
  private final LongSupplier nanoClock;
  private final Map<Long, OpenBlock> open = new ConcurrentHashMap<>();

  /**
   * @param sessionId the store session that holds the locks
   */
  OpenBlocks(BlockStore store, long sessionId, LongSupplier nanoClock) {
    this.store = store;
    this.sessionId = sessionId;
    this.nanoClock = nanoClock;
  }

  /** The block, if the store has it; the caller closes the lease. */
  Optional<BlockLease> acquire(long blockId) throws IOException {
    OpenBlock present = open.get(blockId);
    if (present != null && present.retain()) {
      return Optional.of(present);
    }
    Optional<OpenBlock> opened = withRoom(() -> open(blockId));
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    OpenBlock fresh = opened.get();
    store.accessBlock(sessionId, blockId);
    fresh.retain();
    OpenBlock raced = open.putIfAbsent(blockId, fresh);
    if (raced != null) {
      // Somebody else was quicker; this one is closed when its only reader has done with it.
      fresh.release();
    }
    return Optional.of(fresh);
  }

  /** As {@link #acquire}, for one reader alone, and without counting as a use of the block. */
  Optional<BlockLease> inspect(long blockId) throws IOException {
    return open(blockId).map(block -> block);
  }

  /**
   * The block's file alone, which can be read on when the block is evicted. Waits for no lock:
   * while the store tells the master of a block, it lets nobody else lock it ({@code
   * MonoBlockStore.commitBlock}), and with a master that is away or a client that has just started
   * that takes seconds.
   */
  Optional<BlockFile> openFile(long blockId) throws IOException {
    Optional<BlockMeta> meta = store.getVolatileBlockMeta(blockId);
    if (meta.isEmpty()) {
      return Optional.empty();
    }
    Path path = Paths.get(meta.get().getPath());
    try {
      BlockFile file = withRoom(() -> BlockFile.openForRead(path));
      store.accessBlock(sessionId, blockId);
      return Optional.of(file);
    } catch (NoSuchFileException e) {
      LOG.debug("Block {} was evicted, or moved, at this moment", blockId, e);
      return Optional.empty();
    }
  }

  private interface Opening<T> {
    T open() throws IOException;
  }

  /** Where there are too many open files, those go first that nobody reads. */
  private <T> T withRoom(Opening<T> opening) throws IOException {
    try {
      return opening.open();
    } catch (IOException e) {
      if (!Shortage.isOfFiles(e)) {
        throw e;
      }
      releaseIdle(0);
      return opening.open();
    }
  }

  private Optional<OpenBlock> open(long blockId) throws IOException {
    if (!store.hasBlockMeta(blockId)) {
      return Optional.empty();
    }
    Optional<BlockLock> lock = store.pinBlock(sessionId, blockId);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      BlockMeta meta = store.getVolatileBlockMeta(blockId).orElseThrow();
      BlockFile file = BlockFile.openForRead(Paths.get(meta.getPath()));
      return Optional.of(
          new OpenBlock(
              blockId, file, () -> store.unpinBlock(lock.get()), this::wasRead, nanoClock));
    } catch (IOException | RuntimeException e) {
      store.unpinBlock(lock.get());
      throw e;
    }
  }

  /**
   * Lets the store remove a block; those who are reading it read on in a file that has no name any
   * more.
   */
  void retire(long blockId) {
    OpenBlock block = open.remove(blockId);
    if (block != null) {
      block.unpin();
      block.release();
    }
  }

  private void wasRead(OpenBlock block) {
    if (open.size() > MAX_KEPT && block.retireIfIdle(block.lastUsedNs(), 0)) {
      open.remove(block.blockId(), block);
    }
  }

  /** Lets go of blocks that nobody has read for {@code idleNs}. */
  void releaseIdle(long idleNs) {
    long now = nanoClock.getAsLong();
    open.values().removeIf(block -> block.retireIfIdle(now, idleNs));
  }

  int size() {
    return open.size();
  }

  @Override
  public void close() {
    open.values()
        .removeIf(
            block -> {
              block.release();
              return true;
            });
  }
}
