// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one case took on one variant. Immutable. */
final class ScaleoutResult {
  private final ScaleoutVariant variant;
  private final ScaleoutCase which;
  private final List<Double> seconds;
  private final double boundSeconds;
  private final double originTimes;
  private final Map<Integer, String> problems;

  /**
   * @param seconds of each node that was to finish and did, at least one if nothing is wrong
   * @param boundSeconds the time that the model takes on the slowest link
   * @param originTimes bytes that the origin sent, over those of the model
   * @param problems by node: why it did not read, or what was wrong with its bytes
   */
  ScaleoutResult(
      ScaleoutVariant variant,
      ScaleoutCase which,
      List<Double> seconds,
      double boundSeconds,
      double originTimes,
      Map<Integer, String> problems) {
    this.variant = variant;
    this.which = which;
    this.seconds = seconds.stream().sorted().collect(Collectors.toUnmodifiableList());
    this.boundSeconds = boundSeconds;
    this.originTimes = originTimes;
    this.problems = Map.copyOf(problems);
  }

  ScaleoutVariant variant() {
    return variant;
  }

  ScaleoutCase which() {
    return which;
  }

  double slowestSeconds() {
    return seconds.get(seconds.size() - 1);
  }

  double medianSeconds() {
    int middle = seconds.size() / 2;
    return seconds.size() % 2 == 1
        ? seconds.get(middle)
        : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
  }

  boolean isRight() {
    return problems.isEmpty();
  }

  /** By node. */
  Map<Integer, String> problems() {
    return problems;
  }

  /** Whether every node was right, and fast enough. */
  boolean isReached() {
    return isRight() && which.isReached(slowestSeconds() / boundSeconds, originTimes);
  }

  /** For one cell of a table. */
  @Override
  public String toString() {
    if (!isRight()) {
      return "FAILED on nodes " + problems.keySet();
    }
    return String.format(
        Locale.ROOT,
        "%.1f s = %.2fx (median %.1f s), origin %.2fx",
        slowestSeconds(),
        slowestSeconds() / boundSeconds,
        medianSeconds(),
        originTimes);
  }
}
