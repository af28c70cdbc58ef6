// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

/**
 * The properties that MoWS reads, with their defaults: the one place where they are declared.
 * Alluxio accepts unknown keys in its site file, so they need no registration.
 */
public enum MowsKey {
  ENABLED("alluxio.mows.enabled", "true"),
  PATHS("alluxio.mows.paths", "/"),
  PIECE_SIZE("alluxio.mows.piece.size", "4MB"),
  ORIGIN_STREAMS("alluxio.mows.origin.streams", "16");

  /** What all our keys start with. */
  public static final String PREFIX = "alluxio.mows.";

  private final String key;
  private final String defaultValue;

  MowsKey(String key, String defaultValue) {
    this.key = key;
    this.defaultValue = defaultValue;
  }

  public String key() {
    return key;
  }

  public String defaultValue() {
    return defaultValue;
  }
}
