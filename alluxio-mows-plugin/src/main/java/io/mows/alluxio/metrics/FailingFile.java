// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

/** A file of which something cannot be read now. Immutable. */
final class FailingFile {
  private final String path;
  private final long offset;
  private final FailureWords words;
  private final long sinceMs;
  private final long lastNs;
  private final int count;

  FailingFile(String path, long offset, FailureWords words, long sinceMs, long lastNs, int count) {
    this.path = path;
    this.offset = offset;
    this.words = words;
    this.sinceMs = sinceMs;
    this.lastNs = lastNs;
    this.count = count;
  }

  String path() {
    return path;
  }

  long offset() {
    return offset;
  }

  FailureWords words() {
    return words;
  }

  /** Since when, by this machine's clock. */
  long sinceMs() {
    return sinceMs;
  }

  /** When it failed last. */
  long lastNs() {
    return lastNs;
  }

  /** How often. */
  int count() {
    return count;
  }
}
