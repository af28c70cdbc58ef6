// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.wire.WorkerInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The living workers, or why they are not known. Immutable. */
public final class WorkerList {
  private final List<WorkerInfo> workers;
  private final Optional<String> failure;

  private WorkerList(List<WorkerInfo> workers, Optional<String> failure) {
    this.workers = workers;
    this.failure = failure;
  }

  public static WorkerList of(Cluster cluster) {
    try {
      return new WorkerList(cluster.workers(), Optional.empty());
    } catch (IOException e) {
      return new WorkerList(
          List.of(), Optional.of("The master does not list the workers: " + e.getMessage()));
    }
  }

  /** None if the master cannot be asked. */
  public List<WorkerInfo> workers() {
    return workers;
  }

  public Optional<String> failure() {
    return failure;
  }
}
