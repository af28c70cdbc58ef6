// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import java.util.List;

/** What one step of a {@link Scenario} took and moved; immutable. */
final class StepResult {
  private final String title;
  private final double seconds;
  private final long deliveredBytes;
  private final long originBytes;
  private final List<String> problems;

  StepResult(
      String title, double seconds, long deliveredBytes, long originBytes, List<String> problems) {
    this.title = title;
    this.seconds = seconds;
    this.deliveredBytes = deliveredBytes;
    this.originBytes = originBytes;
    this.problems = List.copyOf(problems);
  }

  String title() {
    return title;
  }

  double seconds() {
    return seconds;
  }

  /** Bytes of the model that the step read or loaded, each counted once. */
  long deliveredBytes() {
    return deliveredBytes;
  }

  /** Bytes that the origin sent while the step ran. */
  long originBytes() {
    return originBytes;
  }

  /** What the origin did not send came out of the worker's memory. */
  long memoryBytes() {
    return Math.max(0, deliveredBytes - originBytes);
  }

  double megabytesPerSecond() {
    return deliveredBytes / 1e6 / seconds;
  }

  /** What was wrong, such as a file with another CRC32; empty if all was well. */
  List<String> problems() {
    return problems;
  }
}
