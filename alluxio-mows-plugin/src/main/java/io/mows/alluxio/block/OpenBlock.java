// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A complete block that is open and locked against eviction until nobody refers to it any more. One
 * reference is that of the table of open blocks, the others are leases. Thread-safe.
 */
final class OpenBlock implements BlockLease {
  private static final Logger LOG = LoggerFactory.getLogger(OpenBlock.class);

  private final long blockId;
  private final BlockFile file;
  private final Runnable unlock;
  private final Consumer<OpenBlock> read;
  private final LongSupplier nanoClock;
  private final AtomicBoolean pinned = new AtomicBoolean(true);
  private final AtomicInteger references = new AtomicInteger(1);
  private volatile long lastUsedNs;

  /**
   * @param unlock lets the store evict it
   * @param read is told when a reader has done with it
   */
  OpenBlock(
      long blockId,
      BlockFile file,
      Runnable unlock,
      Consumer<OpenBlock> read,
      LongSupplier nanoClock) {
    this.blockId = blockId;
    this.file = file;
    this.unlock = unlock;
    this.read = read;
    this.nanoClock = nanoClock;
    this.lastUsedNs = nanoClock.getAsLong();
  }

  long blockId() {
    return blockId;
  }

  long lastUsedNs() {
    return lastUsedNs;
  }

  /** False if it is closed already. */
  boolean retain() {
    return references.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Takes the table's reference back if there is no other, and none was for so long. */
  boolean retireIfIdle(long nowNs, long idleNs) {
    if (nowNs - lastUsedNs < idleNs || !references.compareAndSet(1, 0)) {
      return false;
    }
    end();
    return true;
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      end();
    }
  }

  private void end() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("The file of block {} could not be closed", blockId, e);
    } finally {
      unpin();
    }
  }

  /** Lets the store evict it; its file can be read on. */
  void unpin() {
    if (pinned.compareAndSet(true, false)) {
      unlock.run();
    }
  }

  @Override
  public BlockFile file() {
    return file;
  }

  @Override
  public void close() {
    lastUsedNs = nanoClock.getAsLong();
    release();
    read.accept(this);
  }
}
