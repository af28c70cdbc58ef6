// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.Sessions;
import alluxio.exception.runtime.BlockDoesNotExistRuntimeException;
import alluxio.exception.runtime.UnavailableRuntimeException;
import alluxio.grpc.Block;
import alluxio.grpc.BlockStatus;
import alluxio.grpc.UfsReadOptions;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.util.IdUtils;
import alluxio.worker.block.BlockMetricsReporter;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreEventListener;
import alluxio.worker.block.io.BlockReader;
import alluxio.worker.block.meta.BlockMeta;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.grpc.Status;
import io.mows.alluxio.check.CopyLimitChecks;
import io.mows.alluxio.metrics.Fallback;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import io.mows.p2p.fetch.engine.EngineLanes;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's block store, with the blocks of accelerated files fetched by the piece engine. What
 * it does not override is the stock store's. Thread-safe.
 */
public final class MowsBlockStore extends ForwardingBlockStore {
  private static final Logger LOG = LoggerFactory.getLogger(MowsBlockStore.class);

  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final BlockStore stock;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final EngineLanes engineLanes;
  private final MowsMetrics metrics;
  private final Consumer<FileSpec> freed;

  /**
   * Files whose removal was told a moment ago: they have many blocks, and may be unknown by now.
   */
  private final Cache<Long, Boolean> asked =
      CacheBuilder.newBuilder().expireAfterWrite(ASK_AGAIN).build();

  private volatile Set<Long> pinnedFiles = Set.of();

  /**
   * @param freed is told of an accelerated file when the master has had a block of it removed here
   */
  public MowsBlockStore(
      BlockStore stock,
      FileCatalog catalog,
      FetchEngine engine,
      EngineLanes engineLanes,
      MowsMetrics metrics,
      Consumer<FileSpec> freed) {
    super(stock);
    this.stock = stock;
    this.catalog = catalog;
    this.engine = engine;
    this.engineLanes = engineLanes;
    this.metrics = metrics;
    this.freed = freed;
  }

  @Override
  public BlockReader createBlockReader(
      long sessionId, long blockId, long offset, boolean positionShort, OpenUfsBlockOptions options)
      throws IOException {
    if (isManifest(blockId, options)) {
      return pastTheCache(sessionId, blockId, offset, positionShort, options);
    }
    long fileId = IdUtils.fileIdFromBlockId(blockId);
    int round = engine.verification().generation(fileId);
    // Stock readers lock the block: they would hold up its removal if it turned out to be wrong.
    boolean mayHandOver = engine.verification().mayHandOver(fileId);
    if (!stock.hasBlockMeta(blockId) || !mayHandOver) {
      Optional<BlockReader> ours = pieceReader(sessionId, blockId, offset, positionShort, options);
      if (ours.isPresent()) {
        return ours.get();
      }
    }
    try {
      return new RoundBlockReader(
          stock.createBlockReader(sessionId, blockId, offset, positionShort, options),
          blockId,
          () -> engine.verification().generation(fileId),
          round);
    } catch (BlockDoesNotExistRuntimeException e) {
      // Evicted since we looked.
      return pieceReader(sessionId, blockId, offset, positionShort, options).orElseThrow(() -> e);
    }
  }

  @Override
  public BlockReader createUfsBlockReader(
      long sessionId, long blockId, long offset, boolean positionShort, OpenUfsBlockOptions options)
      throws IOException {
    if (isManifest(blockId, options)) {
      return pastTheCache(sessionId, blockId, offset, positionShort, options);
    }
    Optional<BlockReader> ours = pieceReader(sessionId, blockId, offset, positionShort, options);
    return ours.isPresent()
        ? ours.get()
        : stock.createUfsBlockReader(sessionId, blockId, offset, positionShort, options);
  }

  /**
   * Manifests judge what is in memory and what peers send, so they are never from there. The name
   * that the client gives comes first: other readers need not wait for the master.
   */
  private boolean isManifest(long blockId, OpenUfsBlockOptions options) {
    if (options == null || !catalog.isManifestName(options.getUfsPath())) {
      return false;
    }
    try {
      return catalog.isManifest(blockId);
    } catch (IOException | RuntimeException e) {
      LOG.debug("Block {} may be of a manifest, so it is read from the origin", blockId, e);
      return true;
    }
  }

  private BlockReader pastTheCache(
      long sessionId, long blockId, long offset, boolean positionShort, OpenUfsBlockOptions options)
      throws IOException {
    return stock.createUfsBlockReader(
        sessionId, blockId, offset, positionShort, options.toBuilder().setNoCache(true).build());
  }

  private boolean mayBypass(long blockId) {
    return engine.verification().mayBypass(IdUtils.fileIdFromBlockId(blockId));
  }

  /** Clients on this machine read the block's file themselves, but not what may be taken back. */
  @Override
  public Optional<BlockMeta> getVolatileBlockMeta(long blockId) {
    boolean ours = !engine.verification().mayHandOver(IdUtils.fileIdFromBlockId(blockId));
    return ours && accelerated(blockId).isPresent()
        ? Optional.empty()
        : stock.getVolatileBlockMeta(blockId);
  }

  private Optional<BlockReader> pieceReader(
      long sessionId,
      long blockId,
      long offset,
      boolean positionShort,
      OpenUfsBlockOptions options) {
    // A client that asks not to cache what it reads gets what it asks for.
    boolean elsewhere = options == null || !options.hasUfsPath() || options.getNoCache();
    if (elsewhere && mayBypass(blockId)) {
      return Optional.empty();
    }
    return accelerated(blockId)
        .map(
            file ->
                new PieceBlockReader(
                    engine,
                    file,
                    file.blockOf(blockId),
                    offset,
                    !positionShort,
                    (position, failure) -> {
                      if (options == null || !mayBypass(blockId)) {
                        throw new IOException(failure);
                      }
                      metrics.fellBack(Fallback.READ, file.path(), failure);
                      return pastTheCache(sessionId, blockId, position, positionShort, options);
                    }));
  }

  /** The accelerated file of this block; none as well if we cannot find out. */
  private Optional<FileSpec> accelerated(long blockId) {
    try {
      return catalog.ofBlock(blockId).filter(file -> file.blockOf(blockId) >= 0);
    } catch (IOException | RuntimeException e) {
      if (!mayBypass(blockId)) {
        // It may be one that nobody may see.
        throw new UnavailableRuntimeException("Block " + blockId + " cannot be checked", e);
      }
      metrics.fellBack(Fallback.METADATA, "block " + blockId, e);
      return Optional.empty();
    }
  }

  /**
   * Brings a block into the cache by way of the engine.
   *
   * @return empty if the block is not ours to bring
   */
  public Optional<CompletableFuture<Void>> loadBlock(long blockId) {
    if (isNeverLoaded(blockId)) {
      return Optional.of(CompletableFuture.completedFuture(null));
    }
    return accelerated(blockId)
        .map(
            file -> {
              int block = file.blockOf(blockId);
              return engine.load(
                  file, file.layout().blockOffset(block), file.layout().blockLength(block));
            });
  }

  /** A manifest in memory is of no use: nobody is given it. */
  private boolean isNeverLoaded(long blockId) {
    try {
      return catalog.isManifest(blockId);
    } catch (IOException | RuntimeException e) {
      LOG.debug("Block {} is loaded although it may be of a manifest", blockId, e);
      return false;
    }
  }

  @Override
  public void updatePinnedInodes(Set<Long> inodes) {
    pinnedFiles = Set.copyOf(inodes);
    super.updatePinnedInodes(inodes);
  }

  /** The ids of the files that are never evicted, as the master said last. */
  public Set<Long> pinnedFiles() {
    return pinnedFiles;
  }

  @Override
  public void removeBlock(long sessionId, long blockId) throws IOException {
    super.removeBlock(sessionId, blockId);
    if (sessionId != Sessions.MASTER_COMMAND_SESSION_ID) {
      catalog.known(IdUtils.fileIdFromBlockId(blockId)).ifPresent(this::removedByAJob);
    }
    if (sessionId == Sessions.MASTER_COMMAND_SESSION_ID
        && asked.asMap().putIfAbsent(IdUtils.fileIdFromBlockId(blockId), true) == null) {
      try {
        catalog.ofBlock(blockId).ifPresent(freed);
      } catch (IOException | RuntimeException e) {
        LOG.debug("Block {} is removed, perhaps because its file is gone", blockId, e);
      }
    }
  }

  /** Only Alluxio's jobs remove blocks on behalf of others than the master: evict and move. */
  private void removedByAJob(FileSpec file) {
    catalog
        .maxCopies(file.fileId())
        .ifPresent(max -> metrics.copyRemoved(file, max, CopyLimitChecks.remedy(file.path())));
  }

  @Override
  public CompletableFuture<List<BlockStatus>> load(List<Block> blocks, UfsReadOptions options) {
    List<Block> stockBlocks = new ArrayList<>();
    List<CompletableFuture<Optional<BlockStatus>>> ours = new ArrayList<>();
    String lane = "load " + options.getTag();
    engineLanes.configure(
        lane,
        options.hasBandwidth() ? options.getBandwidth() : LaneLoads.UNLIMITED,
        LaneLoads.Manners.SLOWS_DOWN);
    for (Block block : blocks) {
      long id = block.getBlockId();
      if (isNeverLoaded(id)) {
        continue;
      }
      // The master gives each block to one worker.
      Optional<CompletableFuture<Void>> load =
          accelerated(id).map(file -> engineLanes.load(lane, file, file.blockOf(id), true));
      if (load.isPresent()) {
        ours.add(load.get().handle((done, failure) -> status(block, failure)));
      } else {
        stockBlocks.add(block);
      }
    }
    CompletableFuture<List<BlockStatus>> theirs =
        stockBlocks.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : stock.load(stockBlocks, options);
    return CompletableFuture.allOf(ours.toArray(new CompletableFuture<?>[0]))
        .thenCombine(
            theirs,
            (done, errors) -> {
              List<BlockStatus> all = new ArrayList<>(errors);
              ours.forEach(status -> status.join().ifPresent(all::add));
              return all;
            });
  }

  private Optional<BlockStatus> status(Block block, Throwable failure) {
    if (failure == null) {
      return Optional.empty();
    }
    Throwable cause = Futures.causeOf(failure);
    metrics.notLoaded(block.getUfsPath(), cause);
    boolean noSpace = cause instanceof NoSpaceException;
    boolean stop = TransferException.remedyOf(cause) == Remedy.STOP;
    Status.Code code = Status.Code.UNAVAILABLE;
    if (noSpace) {
      code = Status.Code.RESOURCE_EXHAUSTED;
    } else if (stop) {
      code = Status.Code.FAILED_PRECONDITION;
    }
    return Optional.of(
        BlockStatus.newBuilder()
            .setBlock(block)
            .setCode(code.value())
            .setMessage(String.valueOf(cause.getMessage()))
            .setRetryable(!noSpace && !stop)
            .build());
  }

  /**
   * The stock worker, which never starts, has registered a metrics reporter with the stock store; a
   * second one would count every block twice.
   */
  @Override
  public void registerBlockStoreEventListener(BlockStoreEventListener listener) {
    if (!(listener instanceof BlockMetricsReporter)) {
      super.registerBlockStoreEventListener(listener);
    }
  }
}
