// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import java.io.IOException;

/** Makes the cluster known when a command is run. */
@FunctionalInterface
public interface ClusterSource {
  /**
   * @throws IOException if the settings rule it out; says what to do
   */
  Cluster open() throws IOException;
}
