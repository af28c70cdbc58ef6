// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.List;

/** What warm-up asks of a running cluster. Blocks for some seconds at most. For one thread. */
public interface WarmupCluster extends AutoCloseable {
  /**
   * The accelerated files that are {@code path} or lie below it.
   *
   * @throws IOException if there is no such path, or none of it is accelerated; says what to do
   */
  List<JobFile> list(String path) throws IOException;

  /** What has been left out of what was listed, in a sentence each. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * All jobs, the living workers and what they said.
   *
   * @throws IOException if the locator does not answer; says who was asked
   */
  JobsView jobs() throws IOException;

  void submit(WarmupJob job) throws IOException;

  void stop(String jobId) throws IOException;

  void remove(String jobId) throws IOException;

  /** Alluxio keeps all of {@code path} in memory from now on. */
  void pin(String path) throws IOException;

  /** Alluxio lets go of {@code path}, pinned or not; workers follow within seconds. */
  void evict(String path) throws IOException;

  /** Ends the connection to the locator. */
  @Override
  void close();

  /** Makes the cluster known when a command is run. */
  @FunctionalInterface
  interface Source {
    /**
     * @throws IOException if the settings rule it out; says what to do
     */
    WarmupCluster open() throws IOException;
  }
}
