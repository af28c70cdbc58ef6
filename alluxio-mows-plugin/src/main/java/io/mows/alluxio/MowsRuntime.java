// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.worker.block.AbstractBlockStoreEventListener;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreLocation;
import alluxio.worker.file.FileSystemMasterClient;
import io.mows.alluxio.block.AlluxioBlockSpace;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.MowsBlockStore;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.alluxio.origin.OriginSource;
import io.mows.p2p.fetch.FetchEngine;
import io.mows.p2p.swarm.Backoff;

/** The composition root: everything that makes up MoWS in one worker, put together here. */
final class MowsRuntime implements AutoCloseable {
  private static final long UNCACHED_BYTES = 64L << 20;
  private static final long READ_TIMEOUT_MS = 120_000;
  private static final long LINGER_MS = 30_000;

  private final MowsMetrics metrics;
  private final AlluxioBlockSpace space;
  private final FetchEngine engine;
  private final FileCatalog catalog;
  private final MowsBlockStore blockStore;

  /**
   * @param stock the block store of the stock worker
   * @param master asked about files and mount points; stays the caller's
   */
  MowsRuntime(
      MowsConf conf,
      AlluxioConfiguration alluxioConf,
      BlockStore stock,
      FileSystemMasterClient master) {
    metrics = new MowsMetrics();
    space = new AlluxioBlockSpace(stock);
    OriginSource origin =
        new OriginSource(master::getUfsInfo, alluxioConf, conf.pieceBytes(), conf.originStreams());
    engine =
        FetchEngine.alone(
            new FetchEngine.Settings(
                conf.originStreams(),
                conf.pieceBytes(),
                UNCACHED_BYTES,
                READ_TIMEOUT_MS,
                LINGER_MS,
                Backoff.DEFAULT),
            origin,
            space,
            metrics,
            System::nanoTime);
    catalog = new FileCatalog(master::getFileInfo, conf.paths(), conf.pieceBytes());
    blockStore = new MowsBlockStore(stock, catalog, engine, metrics);
    metrics.registerFetchesInFlight(() -> engine.progress().size());
    stock.registerBlockStoreEventListener(
        new AbstractBlockStoreEventListener() {
          @Override
          public void onRemoveBlock(long blockId, BlockStoreLocation location) {
            engine.onBlockRemoved(blockId);
          }

          @Override
          public void onBlockLost(long blockId) {
            engine.onBlockRemoved(blockId);
          }
        });
  }

  MowsBlockStore blockStore() {
    return blockStore;
  }

  FetchEngine engine() {
    return engine;
  }

  FileCatalog catalog() {
    return catalog;
  }

  MowsMetrics metrics() {
    return metrics;
  }

  /** Ends transfers first, then lets go of the blocks; the stores stay open. */
  @Override
  public void close() {
    engine.close();
    space.close();
  }
}
