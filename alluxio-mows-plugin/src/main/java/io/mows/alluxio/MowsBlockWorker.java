// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.ClientContext;
import alluxio.Sessions;
import alluxio.client.file.FileSystemContext;
import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.CancelledException;
import alluxio.grpc.CacheRequest;
import alluxio.master.MasterClientContext;
import alluxio.wire.WorkerNetAddress;
import alluxio.worker.block.BlockHeartbeatReport;
import alluxio.worker.block.BlockMasterClientPool;
import alluxio.worker.block.DefaultBlockWorker;
import alluxio.worker.file.FileSystemMasterClient;
import io.mows.alluxio.block.ModelMemory;
import io.mows.alluxio.block.ReturnedBlocks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.fuse.FuseMount;
import io.mows.alluxio.metrics.Fallback;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The block worker with MoWS inside: the stock one on a block store that fetches pieces, with a
 * mount of our own.
 */
public final class MowsBlockWorker extends DefaultBlockWorker {
  private static final Logger LOG = LoggerFactory.getLogger(MowsBlockWorker.class);

  private final DefaultBlockWorker stock;
  private final MowsRuntime runtime;
  private final MowsConf conf;
  private final ReturnedBlocks returned;
  private FuseMount mount;

  private MowsBlockWorker(
      BlockMasterClientPool masterPool,
      FileSystemMasterClient master,
      DefaultBlockWorker stock,
      MowsRuntime runtime,
      MowsConf conf) {
    super(masterPool, master, new Sessions(), runtime.blockStore(), stock.getWorkerId());
    this.stock = stock;
    this.runtime = runtime;
    this.conf = conf;
    this.returned = new ReturnedBlocks(stock.getBlockStore());
  }

  /** A worker that does what {@code stock}, which has not been started, would do, and more. */
  static MowsBlockWorker replacing(DefaultBlockWorker stock, MowsConf conf) {
    FileSystemMasterClient master =
        new FileSystemMasterClient(
            MasterClientContext.newBuilder(ClientContext.create(Configuration.global())).build());
    MowsRuntime runtime =
        new MowsRuntime(conf, Configuration.global(), stock.getBlockStore(), master);
    return new MowsBlockWorker(new BlockMasterClientPool(), master, stock, runtime, conf);
  }

  @Override
  public void start(WorkerNetAddress address) throws IOException {
    boolean wantsMount = Configuration.getBoolean(PropertyKey.WORKER_FUSE_ENABLED);
    // The stock worker would mount in start(), with a private field we cannot replace.
    Configuration.set(PropertyKey.WORKER_FUSE_ENABLED, false, Source.RUNTIME);
    try {
      super.start(address);
    } finally {
      Configuration.set(PropertyKey.WORKER_FUSE_ENABLED, wantsMount, Source.RUNTIME);
    }
    runtime.started(address);
    if (wantsMount) {
      mount();
    }
  }

  private void mount() {
    FileSystemContext context =
        FileSystemContext.create(ClientContext.create(Configuration.global()), this);
    try {
      mount =
          FuseMount.mount(
              context,
              conf,
              runtime.engine(),
              runtime.catalog(),
              runtime.knownPaths(),
              status -> runtime.isStillAtOrigin(status.getFileId()),
              new ModelMemory(getBlockStore(), runtime.blockStore()::pinnedFiles),
              runtime.warmup()::used,
              runtime.metrics(),
              runtime.mountChecks());
    } catch (Exception | LinkageError e) {
      // As with stock Alluxio, a worker without its mount still serves its other clients.
      runtime.mountChecks().failed(e);
      runtime.metrics().fellBack(Fallback.MOUNT, "no mount", e);
      LOG.error("The FUSE mount could not be set up", e);
      closeQuietly("the mount's client", context);
    }
  }

  @Override
  public void cache(CacheRequest request) throws AlluxioException, IOException {
    Optional<CompletableFuture<Void>> load =
        getBlockStore().hasBlockMeta(request.getBlockId())
            ? Optional.empty()
            : runtime.blockStore().loadBlock(request.getBlockId());
    if (load.isEmpty()) {
      super.cache(request);
    } else if (request.getAsync()) {
      load.get()
          .exceptionally(
              failure -> {
                runtime.metrics().notLoaded("block " + request.getBlockId(), failure);
                return null;
              });
    } else {
      await(load.get());
    }
  }

  private static void await(CompletableFuture<Void> load) throws IOException {
    try {
      load.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("Interrupted while a block was being cached", e);
    }
  }

  @Override
  public BlockHeartbeatReport getReport() {
    // Nobody else empties the list of block events that the stock worker keeps.
    stock.getReport();
    return returned.addedTo(super.getReport());
  }

  /** Withdraws the mount, ends transfers, then closes what the stock worker would close. */
  @Override
  public void stop() throws IOException {
    if (mount != null) {
      closeQuietly("the mount", mount);
    }
    closeQuietly("the piece engine", runtime);
    try {
      super.stop();
    } finally {
      stock.stop();
    }
  }

  private static void closeQuietly(String what, AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("Closing {} failed", what, e);
    }
  }
}
