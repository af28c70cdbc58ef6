// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A test origin (an OSS-compatible server in its own process) that serves a directory; immutable.
 */
public final class OriginConfig {
  static final String BUCKET = "models";
  static final String ACCESS_KEY_ID = "test-access-key-id";
  static final String ACCESS_KEY_SECRET = "test-access-key-secret";

  private final Path directory;
  private final List<String> limits;

  private OriginConfig(Path directory, List<String> limits) {
    this.directory = directory;
    this.limits = List.copyOf(limits);
  }

  /** An origin without limits whose one bucket is {@code directory}. */
  public static OriginConfig serving(Path directory) {
    return new OriginConfig(directory.toAbsolutePath(), List.of());
  }

  /** The same origin that sends at most this much, all connections together. */
  public OriginConfig withTotalBytesPerSecond(long bytesPerSecond) {
    return with("--total-bytes-per-second", bytesPerSecond);
  }

  /** The same origin that sends at most this much on each connection. */
  public OriginConfig withConnectionBytesPerSecond(long bytesPerSecond) {
    return with("--connection-bytes-per-second", bytesPerSecond);
  }

  /** The same origin that waits before the first byte of every answer. */
  public OriginConfig withFirstByteDelayMs(long delayMs) {
    return with("--first-byte-delay-ms", delayMs);
  }

  Path directory() {
    return directory;
  }

  /** The arguments of the origin's main class that set its limits. */
  List<String> limits() {
    return limits;
  }

  private OriginConfig with(String flag, long value) {
    List<String> more = new ArrayList<>(limits);
    more.add(flag);
    more.add(Long.toString(value));
    return new OriginConfig(directory, more);
  }
}
