// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.util.LogUtils;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of what Ratis says comes into the worker's log: it has a line for each message that it
 * refuses, so whoever reaches the locator's port could fill the disk with them. The refused sender
 * is told why, and the worker's own log and metrics have what an operator needs. Stateless.
 */
final class RatisLog {
  private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);
  private static final String ALL = "org.apache.ratis";

  /** By logger; the last four have warnings for single messages, too. */
  private static final Map<String, String> LEVELS =
      Map.of(
          ALL,
          "WARN",
          ALL + ".server.RaftServer",
          "ERROR",
          ALL + ".server.impl.SnapshotInstallationHandler",
          "ERROR",
          ALL + ".grpc.server.GrpcClientProtocolService",
          "ERROR",
          ALL + ".grpc.server.GrpcServerProtocolService",
          "ERROR");

  private RatisLog() {}

  /** As long as nobody sets other levels, with {@code alluxio logLevel} for instance. */
  static void limit() {
    LEVELS.forEach(
        (logger, level) -> {
          try {
            LogUtils.setLogLevel(logger, level);
          } catch (IOException | RuntimeException e) {
            LOG.info("The level of the log of {} stays as it is", logger, e);
          }
        });
  }
}
