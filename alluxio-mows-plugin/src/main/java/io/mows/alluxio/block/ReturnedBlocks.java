// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.BlockHeartbeatReport;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the master of blocks that have come back right after they were removed. A worker says at
 * once that it has a block, and that it has none any more with its next heartbeat: the master, who
 * hears of the removal last, would believe that the block is not there until the worker registers
 * again ({@code alluxio.worker.block.BlockHeartbeatReporter}). For the thread of the heartbeat.
 */
public final class ReturnedBlocks {
  private final BlockStore store;
  private List<Long> removedLast = List.of();

  public ReturnedBlocks(BlockStore store) {
    this.store = store;
  }

  /**
   * @param report what the stock worker says
   * @return the same, with those removed in this or the last heartbeat that are here as added ones:
   *     the master takes what is removed first. A block that comes back while the heartbeat is
   *     under way is in the next one.
   */
  public BlockHeartbeatReport addedTo(BlockHeartbeatReport report) {
    Set<Long> removed = new LinkedHashSet<>(removedLast);
    removed.addAll(report.getRemovedBlocks());
    removedLast = report.getRemovedBlocks();
    if (removed.isEmpty()) {
      return report;
    }
    Map<BlockStoreLocation, List<Long>> added = new HashMap<>();
    report.getAddedBlocks().forEach((location, ids) -> added.put(location, new ArrayList<>(ids)));
    added.values().forEach(removed::removeAll);
    for (long id : removed) {
      store
          .getVolatileBlockMeta(id)
          .ifPresent(
              meta ->
                  added
                      .computeIfAbsent(meta.getBlockLocation(), location -> new ArrayList<>())
                      .add(id));
    }
    return new BlockHeartbeatReport(added, report.getRemovedBlocks(), report.getLostStorage());
  }
}
