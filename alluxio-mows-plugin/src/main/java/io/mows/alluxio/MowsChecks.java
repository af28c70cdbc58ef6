// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.check.WorkerChecks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.fuse.KernelReadAhead;
import io.mows.channel.DataChannels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code alluxio fs mows check} looks at in a worker, put together from the settings. */
final class MowsChecks {
  private static final String MEMORY_TIER = "MEM";

  private MowsChecks() {}

  static WorkerChecks of(MowsConf conf, AlluxioConfiguration alluxioConf, BlockStore stock) {
    Optional<Path> mountPoint =
        alluxioConf.getBoolean(PropertyKey.WORKER_FUSE_ENABLED)
            ? Optional.of(Path.of(alluxioConf.getString(PropertyKey.FUSE_MOUNT_POINT)))
            : Optional.empty();
    Map<Path, Long> memory = new LinkedHashMap<>();
    stock
        .getBlockStoreMeta()
        .getCapacityBytesOnDirs()
        .forEach(
            (tierAndDirectory, bytes) -> {
              if (tierAndDirectory.getFirst().equals(MEMORY_TIER)) {
                memory.put(Path.of(tierAndDirectory.getSecond()), bytes);
              }
            });
    return new WorkerChecks(
        new WorkerChecks.Settings(
            conf.channel().choice(),
            conf.channel().rdmaMemoryBytes(),
            conf.security().tls().isPresent(),
            mountPoint,
            () -> mountPoint.map(KernelReadAhead::current).orElse(OptionalInt.empty()),
            memory),
        DataChannels.load().providers());
  }
}
