// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.CloseReason;

/** What an operator can do about a peer that is refused, or that refuses this worker. */
final class CloseExplanations {
  private CloseExplanations() {}

  /** What may be wrong and what to do; empty if there is nothing to say. */
  static String of(CloseReason reason) {
    switch (reason) {
      case OTHER_CLUSTER:
        return "workers of different Alluxio clusters do not share; if both should be of one cluster,"
            + " the identity of the cluster has changed since one of them started, or one runs an"
            + " older release: restart it";
      case SECRET_MISMATCH:
        return "alluxio.mows.security.insecure=true must be set on all workers or on none, and all"
            + " must run a release that authenticates";
      case AUTHENTICATION_FAILED:
        return "set alluxio.mows.security.secret.file on every worker or on none, with the same"
            + " secret on one of its lines";
      default:
        return "";
    }
  }
}
