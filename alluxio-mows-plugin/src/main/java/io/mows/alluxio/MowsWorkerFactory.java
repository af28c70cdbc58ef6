// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.underfs.UfsManager;
import alluxio.worker.Worker;
import alluxio.worker.WorkerFactory;
import alluxio.worker.WorkerRegistry;
import alluxio.worker.block.BlockStoreType;
import alluxio.worker.block.BlockWorker;
import alluxio.worker.block.DefaultBlockWorker;
import io.mows.alluxio.check.OpenFileLimit;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.origin.ClientLogs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the block worker of an Alluxio worker process; found by {@link
 * java.util.ServiceLoader}.
 *
 * <p>Alluxio runs all factories at once, and what is registered last wins. So this one waits for
 * the stock block worker, builds ours around its block store and registers it in its place. The
 * stock one is never started.
 */
public final class MowsWorkerFactory implements WorkerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(MowsWorkerFactory.class);

  @Override
  public boolean isEnabled() {
    if (!MowsConf.read(Configuration.global()).enabled()) {
      LOG.info("MoWS is switched off: this worker is a stock one");
      return false;
    }
    String obstacle = obstacle();
    if (obstacle != null) {
      LOG.error("MoWS is not used, this worker is a stock one: {}", obstacle);
      return false;
    }
    return true;
  }

  /** What keeps MoWS from being used, or null. */
  static String obstacle() {
    if (Configuration.getEnum(PropertyKey.WORKER_BLOCK_STORE_TYPE, BlockStoreType.class)
        != BlockStoreType.FILE) {
      return "it needs " + PropertyKey.WORKER_BLOCK_STORE_TYPE + "=FILE (the default)";
    }
    if (Configuration.getBoolean(PropertyKey.WORKER_REGISTER_TO_ALL_MASTERS)) {
      return "it does not support " + PropertyKey.WORKER_REGISTER_TO_ALL_MASTERS + "=true";
    }
    return null;
  }

  @Override
  public Worker create(WorkerRegistry registry, UfsManager ufsManager) {
    MowsConf conf = MowsConf.read(Configuration.global());
    MowsConf.unknownKeys(Configuration.global())
        .forEach(key -> LOG.warn("{} is set, but this version of MoWS knows no such key", key));
    OpenFileLimit.raise();
    ClientLogs.quieten();
    DefaultBlockWorker stock = (DefaultBlockWorker) registry.get(BlockWorker.class);
    MowsBlockWorker ours = MowsBlockWorker.replacing(stock, conf);
    registry.add(BlockWorker.class, ours);
    LOG.info(
        "MoWS has taken over this worker: paths {}, pieces of {} bytes, {} origin streams",
        conf.paths(),
        conf.pieceBytes(),
        conf.originStreams());
    return ours;
  }
}
