// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.AlluxioURI;
import alluxio.conf.AlluxioConfiguration;
import alluxio.master.block.BlockId;
import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.BrokenWeights;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.hidden.HiddenFiles;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.alluxio.warmup.ModelCatalog;
import io.mows.alluxio.warmup.StoreMemory;
import io.mows.alluxio.web.AskedFiles;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.EngineLanes;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.warmup.WarmupSettings;
import io.mows.p2p.warmup.WarmupWorker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warm-up on one worker, put together from the settings. */
final class MowsWarmup implements AskedFiles.Source, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MowsWarmup.class);

  private final ModelCatalog files;
  private final WarmupWorker worker;

  private MowsWarmup(ModelCatalog files, WarmupWorker worker) {
    this.files = files;
    this.worker = worker;
  }

  /**
   * @param sharing empty for a worker that shares with nobody: it has its preload all the same
   */
  static MowsWarmup create(
      MowsConf conf,
      AlluxioConfiguration alluxioConf,
      BlockStore stock,
      FileCatalog catalog,
      HiddenFiles hidden,
      BrokenWeights broken,
      EngineLanes loads,
      MowsMetrics metrics,
      Optional<MowsSharing> sharing) {
    PeerInfo self =
        sharing
            .map(s -> s.peering().self())
            .orElseGet(() -> new PeerInfo("alone", "", conf.group(), conf.role()));
    ModelCatalog files = new ModelCatalog(alluxioConf, catalog, conf::accelerates, hidden, broken);
    WarmupWorker worker =
        new WarmupWorker(
            self,
            sharing.map(s -> s.peering().session()).orElse(0L),
            sharing.map(MowsSharing::jobs).orElseGet(JobClient::none),
            files,
            new StoreMemory(stock),
            loads,
            new WarmupSettings(
                conf.preload(), conf.prefetchIdle(), metrics::peakLinkBytesPerSecond),
            System::nanoTime);
    metrics.registerWarmup(worker::preloadMissingBytes, worker::prefetchedBytes);
    return new MowsWarmup(files, worker);
  }

  /** The worker serves. */
  void start() {
    worker.start();
  }

  @Override
  public List<FileSpec> list(String path, boolean wantedOnly) throws IOException {
    return files.specs(path, wantedOnly);
  }

  @Override
  public List<Failure> hidden(String path) throws IOException {
    return files.hidden(path);
  }

  /** A reader has opened a file of this model, a directory. */
  void used(String model) {
    worker.used(model);
  }

  /** The master has had a block of this file removed. */
  void freed(FileSpec file) {
    worker.freed(new AlluxioURI(file.path()).getParent().getPath());
  }

  /** Whether a block may only be cached where nothing has to go for it. */
  boolean isOnlyForFreeMemory(long blockId) {
    return worker.isOnlyForFreeMemory(
        IdUtils.fileIdFromBlockId(blockId), (int) BlockId.getSequenceNumber(blockId));
  }

  @Override
  public void close() {
    worker.close();
    try {
      files.close();
    } catch (IOException e) {
      LOG.warn("The client of the warm-up did not close cleanly", e);
    }
  }
}
