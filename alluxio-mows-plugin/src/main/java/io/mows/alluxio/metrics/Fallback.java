// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

/** Why something was left to stock Alluxio. */
public enum Fallback {
  /** The worker runs without MoWS although it is enabled. */
  START("Start"),
  /** The master could not be asked about a file. */
  METADATA("Metadata"),
  /** A read failed in our code path. */
  READ("Read"),
  /** A file could not be opened by our mount. */
  OPEN("Open"),
  /** Our mount could not be set up. */
  MOUNT("Mount"),
  /** This worker shares with nobody although it should. */
  SHARING("Sharing");

  private final String metricName;

  Fallback(String metricName) {
    this.metricName = metricName;
  }

  String metricName() {
    return metricName;
  }
}
