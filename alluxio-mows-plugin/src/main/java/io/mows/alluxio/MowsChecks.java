// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.block.MemoryUse;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.check.TierChecks;
import io.mows.alluxio.check.WorkerChecks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.fuse.KernelReadAhead;
import io.mows.channel.DataChannels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** What {@code alluxio fs mows check} looks at in a worker, put together from the settings. */
final class MowsChecks {
  private MowsChecks() {}

  static Supplier<List<Finding>> of(
      MowsConf conf, AlluxioConfiguration alluxioConf, BlockStore stock) {
    Optional<Path> mountPoint =
        alluxioConf.getBoolean(PropertyKey.WORKER_FUSE_ENABLED)
            ? Optional.of(Path.of(alluxioConf.getString(PropertyKey.FUSE_MOUNT_POINT)))
            : Optional.empty();
    MemoryTier memory = new MemoryTier(stock);
    WorkerChecks checks =
        new WorkerChecks(
            new WorkerChecks.Settings(
                conf.channel().choice(),
                conf.channel().rdmaMemoryBytes(),
                conf.security().tls().isPresent(),
                mountPoint,
                () -> mountPoint.map(KernelReadAhead::current).orElse(OptionalInt.empty()),
                memory.capacities()),
            DataChannels.load().providers());
    return () -> {
      List<Finding> findings = new ArrayList<>(checks.run());
      findings.addAll(inUse(memory, alluxioConf));
      return findings;
    };
  }

  private static List<Finding> inUse(MemoryTier memory, AlluxioConfiguration alluxioConf) {
    List<Finding> findings = new ArrayList<>(tiers(memory, alluxioConf));
    try {
      for (MemoryUse use : memory.uses()) {
        findings.add(
            use.isShort()
                ? Finding.problem("memory in use", use.toString(), use.remedy())
                : Finding.ok("memory in use", use.toString()));
      }
    } catch (IOException | RuntimeException e) {
      findings.add(Finding.note("memory in use", e.toString(), "see the worker's log"));
    }
    return findings;
  }

  private static List<Finding> tiers(MemoryTier memory, AlluxioConfiguration alluxioConf) {
    long smallest =
        memory.capacities().values().stream().mapToLong(Long::longValue).min().orElse(0);
    return TierChecks.of(
        smallest,
        alluxioConf.getBytes(PropertyKey.WORKER_MANAGEMENT_TIER_ALIGN_RESERVED_BYTES),
        memory.below());
  }
}
