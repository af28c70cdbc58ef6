// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.exception.runtime.ResourceExhaustedRuntimeException;
import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.CreateBlockOptions;
import alluxio.worker.block.DefaultBlockWorker;
import alluxio.worker.block.meta.BlockMeta;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alluxio's block store as the cache that the piece engine fills and reads. Thread-safe. */
public final class AlluxioLocalStore implements LocalStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlluxioLocalStore.class);
  private static final long IDLE_MS = 1_000;

  private final BlockStore store;
  private final MemoryTier tier;
  private final PresentBlocks present;
  private final OpenBlocks openBlocks;
  private final ScheduledExecutorService sweeper;
  private volatile LongPredicate onlyFree = blockId -> false;
  private volatile Optional<Twins> twins = Optional.empty();

  /** Owned by nobody else, so Alluxio's session cleaner never takes our blocks away. */
  private final long sessionId = IdUtils.createSessionId();

  /**
   * @param store the worker's own store
   */
  public AlluxioLocalStore(BlockStore store) {
    this.store = store;
    this.tier = new MemoryTier(store);
    this.present = PresentBlocks.of(store);
    this.openBlocks = new OpenBlocks(store, sessionId, System::nanoTime);
    this.sweeper = Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-blocks"));
    sweeper.scheduleWithFixedDelay(
        () -> openBlocks.releaseIdle(TimeUnit.MILLISECONDS.toNanos(IDLE_MS)),
        IDLE_MS,
        IDLE_MS / 2,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<BlockLease> openCommitted(long blockId) throws IOException {
    return looked(blockId, openBlocks.acquire(blockId));
  }

  /** What was believed of a block gives way to what was found. */
  private <T> Optional<T> looked(long blockId, Optional<T> found) {
    if (found.isPresent() != present.contains(blockId)) {
      present.looked(blockId, found.isPresent());
    }
    return found;
  }

  @Override
  public Optional<BlockLease> inspect(long blockId) throws IOException {
    return openBlocks.inspect(blockId);
  }

  @Override
  public Optional<BlockFile> openToSend(long blockId) throws IOException {
    return looked(blockId, openBlocks.openFile(blockId));
  }

  @Override
  public void remove(long blockId) throws IOException {
    openBlocks.retire(blockId);
    if (!store.hasBlockMeta(blockId)) {
      return;
    }
    try {
      store.removeBlock(sessionId, blockId);
    } catch (RuntimeException e) {
      if (store.hasBlockMeta(blockId)) {
        throw new IOException("Block " + blockId + " cannot be removed: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public boolean isCommitted(long blockId) {
    return present.contains(blockId);
  }

  /** Blocks for which nothing is evicted. To be set before there are any. */
  public void onlyIntoFreeMemory(LongPredicate blocks) {
    onlyFree = blocks;
  }

  /** Where the bytes may be already that a block wants. To be set before there are any. */
  public void linkTwins(Twins found) {
    twins = Optional.of(found);
  }

  @Override
  public boolean mayHaveTwin(FileSpec file, int block) {
    return twins.isPresent() && twins.get().mayBe(file, block, present::contains);
  }

  @Override
  public OptionalLong twinOf(FileSpec file, int block) {
    return twins.isEmpty() ? OptionalLong.empty() : twins.get().of(file, block, present::contains);
  }

  /**
   * No lock is needed: the file of a complete block has that name from the first moment on, is
   * never written, and is removed as a whole. Whoever links it has all of it or nothing.
   */
  @Override
  public Optional<BlockFile> link(long blockId, long lengthBytes, long twin) throws IOException {
    checkFree(blockId, lengthBytes);
    Optional<BlockMeta> meta = store.getVolatileBlockMeta(twin);
    if (meta.isEmpty() || meta.get().getBlockSize() != lengthBytes) {
      return Optional.empty();
    }
    Path bytes = Paths.get(meta.get().getPath());
    Path name = bytes.resolveSibling("link-" + blockId);
    try {
      // Before there is room: the twin may be what is evicted for it.
      Files.createLink(name, bytes);
      Path room = Paths.get(createOrRelease(blockId, lengthBytes));
      return moved(blockId, name, room);
    } catch (NoSpaceException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("Block {} is not linked to {}", blockId, bytes, e);
      return Optional.empty();
    } finally {
      Files.deleteIfExists(name);
    }
  }

  /** Puts what is called {@code name} where the room of the block is. */
  private Optional<BlockFile> moved(long blockId, Path name, Path room) {
    try {
      Files.move(name, room, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(BlockFile.openForRead(room));
    } catch (IOException e) {
      // Another directory of the tier is another file system.
      LOG.debug("Block {} is not linked to {}", blockId, room, e);
      abort(blockId);
      return Optional.empty();
    }
  }

  private void checkFree(long blockId, long lengthBytes) throws NoSpaceException {
    if (onlyFree.test(blockId) && tier.freeBytes() < lengthBytes) {
      throw new NoSpaceException(
          "memory keeps this worker's share of a model that is larger than it", null);
    }
  }

  @Override
  public BlockFile reserve(long blockId, long lengthBytes) throws IOException {
    checkFree(blockId, lengthBytes);
    String path = createOrRelease(blockId, lengthBytes);
    try {
      checkWritable(Paths.get(path), lengthBytes);
      setLength(path, lengthBytes);
      return BlockFile.openForWrite(Paths.get(path), lengthBytes);
    } catch (NoSpaceException e) {
      abort(blockId);
      tier.explain();
      throw e;
    } catch (IOException e) {
      abort(blockId);
      throw e;
    }
  }

  private String createOrRelease(long blockId, long lengthBytes) throws NoSpaceException {
    try {
      return create(blockId, lengthBytes);
    } catch (ResourceExhaustedRuntimeException e) {
      // Blocks that were read a moment ago are still locked; let go of them and try once more.
      openBlocks.releaseIdle(0);
      try {
        return create(blockId, lengthBytes);
      } catch (ResourceExhaustedRuntimeException again) {
        throw new NoSpaceException(again.getMessage(), again);
      }
    }
  }

  /**
   * What others have put into the file system, or still hold of what was removed from it, Alluxio
   * counts as free.
   */
  private void checkWritable(Path path, long lengthBytes) throws IOException {
    Path directory = tier.directoryOf(path);
    long writable = tier.writableBytes(directory);
    if (writable < lengthBytes) {
      throw new NoSpaceException(
          "the file system of "
              + directory
              + " takes only "
              + writable
              + " bytes more, Alluxio counts "
              + tier.freeBytes()
              + " as free: something else lies there, or files are held that were removed",
          null);
    }
  }

  @Override
  public long writableBytes() throws IOException {
    // Asked for when a write has failed.
    tier.explain();
    return tier.writableBytes();
  }

  /**
   * As a hole, which takes no memory: a tmpfs mounted with {@code huge=within_size} takes a huge
   * page for what lies within the file's length alone.
   */
  private static void setLength(String path, long lengthBytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
      file.setLength(lengthBytes);
    }
  }

  private String create(long blockId, long lengthBytes) {
    return store.createBlock(
        sessionId, blockId, MemoryTier.NUMBER, new CreateBlockOptions(null, "", lengthBytes));
  }

  @Override
  public void commit(long blockId) throws IOException {
    try {
      store.commitBlock(sessionId, blockId, false);
    } catch (RuntimeException e) {
      if (!store.hasBlockMeta(blockId)) {
        throw new IOException("Block " + blockId + " cannot be committed: " + e.getMessage(), e);
      }
      LOG.warn(
          "Block {} is committed on this worker but the master could not be told; it learns of it"
              + " when the worker registers again",
          blockId,
          e);
    }
  }

  @Override
  public void abort(long blockId) {
    try {
      store.abortBlock(sessionId, blockId);
      DefaultBlockWorker.Metrics.WORKER_ACTIVE_CLIENTS.dec();
    } catch (RuntimeException e) {
      LOG.warn("The unfinished block {} could not be removed", blockId, e);
    }
  }

  /** Lets go of all blocks; call when no reader is left. */
  @Override
  public void close() {
    NamedThreads.stop(sweeper, "mows-blocks");
    openBlocks.close();
  }
}
