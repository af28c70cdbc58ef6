// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What one case of one workload took on one variant. Immutable. */
final class EngineResult {
  private final EngineWorkload workload;
  private final EngineVariant variant;
  private final EngineCase which;
  private final List<EngineStart> starts;
  private final double originTimes;
  private final double busy;
  private final boolean givenUp;
  private final Map<Integer, String> problems;

  /**
   * @param starts of each node that started, at least one if nothing is wrong
   * @param originTimes bytes that the origin sent, over those of the model
   * @param busy the part of the processors' time that was used, 0 to 1
   * @param givenUp whether a node was not done when patience ended, and nothing else was wrong
   * @param problems by node: why it did not start, or what was wrong with what it loaded
   */
  EngineResult(
      EngineWorkload workload,
      EngineVariant variant,
      EngineCase which,
      Collection<EngineStart> starts,
      double originTimes,
      double busy,
      boolean givenUp,
      Map<Integer, String> problems) {
    this.workload = workload;
    this.variant = variant;
    this.which = which;
    this.starts = List.copyOf(starts);
    this.originTimes = originTimes;
    this.busy = busy;
    this.givenUp = givenUp;
    this.problems = Map.copyOf(problems);
  }

  EngineWorkload workload() {
    return workload;
  }

  EngineVariant variant() {
    return variant;
  }

  EngineCase which() {
    return which;
  }

  /** Whether all nodes were right, or were given up where that is a result. */
  boolean isRight() {
    return problems.isEmpty() || (givenUp && variant.mayBeGivenUp());
  }

  /** Whether {@link #seconds} is only the least that it would have taken. */
  boolean isGivenUp() {
    return givenUp;
  }

  /** By node. */
  Map<Integer, String> problems() {
    return problems;
  }

  /** Of the slowest node. */
  double seconds() {
    return slowest(EngineStart::seconds);
  }

  /** The load alone, of the node with the slowest. */
  double loadSeconds() {
    return slowest(EngineStart::loadSeconds);
  }

  double originTimes() {
    return originTimes;
  }

  double busy() {
    return busy;
  }

  private double slowest(ToDoubleFunction<EngineStart> seconds) {
    return starts.stream().mapToDouble(seconds).max().orElse(Double.NaN);
  }
}
