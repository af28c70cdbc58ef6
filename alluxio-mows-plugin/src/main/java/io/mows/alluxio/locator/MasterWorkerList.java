// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.wire.WorkerInfo;
import io.mows.alluxio.conf.LocatorConf;
import io.mows.channel.HostPort;
import io.mows.p2p.locator.auto.WorkerListSource;
import io.mows.p2p.locator.auto.WorkerRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The living workers, as the master lists them, as candidates for hosting the locator. The start
 * time is when the master first heard of the worker: another leading master counts anew. Immutable.
 */
public final class MasterWorkerList implements WorkerListSource {
  private final LiveWorkers workers;

  public MasterWorkerList(LiveWorkers workers) {
    this.workers = workers;
  }

  @Override
  public List<WorkerRef> workers() throws IOException {
    return refs(workers.list());
  }

  /** The candidates among {@code workers}. */
  public static List<WorkerRef> refs(List<WorkerInfo> workers) {
    List<WorkerRef> refs = new ArrayList<>(workers.size());
    for (WorkerInfo worker : workers) {
      String host = worker.getAddress().getHost();
      refs.add(new WorkerRef(address(host), worker.getStartTimeMs(), worker.getId()));
    }
    return refs;
  }

  /**
   * Where a worker hosts the locator if nobody says where it is.
   *
   * @param host as the worker registers it with the master
   */
  static String address(String host) {
    return HostPort.of(host, LocatorConf.AUTO_PORT).toString();
  }
}
