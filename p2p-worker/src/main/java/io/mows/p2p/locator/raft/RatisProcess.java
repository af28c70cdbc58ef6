// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.util.ExitUtils;

/**
 * Keeps Ratis from ending the worker: its first use installs a handler that calls {@code
 * System.exit} when any thread of the process, its own or not, dies of an exception, and a port
 * that is taken ends the process as well. Here both become exceptions, and whatever handler the
 * process had stays. Its default reporter of metrics needs a class that the version of the metrics
 * library which Alluxio ships has no more; having any reporter keeps it from being loaded.
 */
final class RatisProcess {
  static {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    ExitUtils.setTerminateOnUncaughtException(false);
    Thread.setDefaultUncaughtExceptionHandler(before);
    MetricRegistries.global().addReporterRegistration(registry -> {}, registry -> {});
  }

  private RatisProcess() {}

  /** To be called before anything else of Ratis is. */
  static void contain() {
    // The static block does it, once.
  }
}
