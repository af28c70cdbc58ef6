// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.wire.WorkerInfo;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.locator.LocatorAnswer;
import java.io.IOException;
import java.util.List;

/** What can be asked of a running cluster. Blocks for some seconds at most. */
public interface Cluster {
  /** The workers agree by themselves on who hosts the locator. */
  String AUTO = "auto";

  /** How the locator is configured: {@link #AUTO} or the addresses of its members. */
  String locatorSetting();

  /**
   * The living workers.
   *
   * @throws IOException if the master cannot be asked
   */
  List<WorkerInfo> workers() throws IOException;

  /** What a worker on this machine would call its host. */
  String localHost();

  /**
   * All peers, and the files whose path starts with {@code pathPrefix}.
   *
   * @throws IOException if the locator does not answer; says who was asked
   */
  LocatorAnswer locator(List<WorkerInfo> workers, String pathPrefix) throws IOException;

  /** The files as a client sees them. */
  ModelStore store();

  /** The manifests, read anew. */
  StoredManifests manifests();

  /**
   * What {@code sha256sum} has written beside files, read anew.
   *
   * @param files those that are asked for, and those beside them
   */
  StoredSha256s sha256s(List<StoredFile> files);

  /** What a manifest is called. */
  String manifestName();

  /** What each worker counts, in the order of {@code workers}; never fails. */
  List<WorkerMetrics> metrics(List<WorkerInfo> workers);
}
