// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.client.block.BlockMasterClient;
import alluxio.client.block.options.GetWorkerReportOptions;
import alluxio.client.block.options.GetWorkerReportOptions.WorkerInfoField;
import alluxio.client.block.options.GetWorkerReportOptions.WorkerRange;
import alluxio.client.file.FileSystemContext;
import alluxio.resource.CloseableResource;
import alluxio.wire.WorkerInfo;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The workers that the Alluxio master counts as alive. Thread-safe; may block for seconds. */
@FunctionalInterface
public interface LiveWorkers {
  /**
   * Returns address, id, start time and state of each, in no order.
   *
   * @throws IOException if the master cannot be asked
   */
  List<WorkerInfo> list() throws IOException;

  /**
   * @param context stays the caller's; its retries decide how long an absent master is waited for
   */
  static LiveWorkers of(FileSystemContext context) {
    return () -> {
      try (CloseableResource<BlockMasterClient> client =
          context.acquireBlockMasterClientResource()) {
        return ask(client.get());
      }
    };
  }

  /** Asks once. Not the list that the master caches: it is up to 10 s old. */
  static List<WorkerInfo> ask(BlockMasterClient client) throws IOException {
    Set<WorkerInfoField> fields =
        EnumSet.of(
            WorkerInfoField.ADDRESS,
            WorkerInfoField.ID,
            WorkerInfoField.START_TIME_MS,
            WorkerInfoField.STATE,
            // Not wanted; but the master fails to answer without them.
            WorkerInfoField.WORKER_CAPACITY_BYTES_ON_TIERS,
            WorkerInfoField.WORKER_USED_BYTES_ON_TIERS);
    return client.getWorkerReport(
        GetWorkerReportOptions.defaults().setWorkerRange(WorkerRange.LIVE).setFieldRange(fields));
  }
}
