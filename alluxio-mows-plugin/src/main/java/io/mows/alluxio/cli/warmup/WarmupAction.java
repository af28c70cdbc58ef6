// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import java.io.IOException;

/** One of the things that {@code alluxio fs mows warmup} does, with the arguments it was given. */
interface WarmupAction {
  /**
   * @return one of {@link WarmupExit}
   * @throws IOException if the cluster does not answer, or it cannot be done; says what to do
   */
  int run(WarmupCluster cluster) throws IOException;
}
