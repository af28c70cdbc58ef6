// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

/** How one node's engine came up. Immutable. */
final class EngineStart {
  private final double seconds;
  private final double copySeconds;
  private final double weightsSeconds;
  private final String answer;
  private final String loader;

  /**
   * @param seconds until the first token, or the last tensor, the copy included
   * @param copySeconds what was spent on a copy before the engine began; 0 if there is none
   * @param weightsSeconds what the engine spent on its weights, the copy not included
   * @param answer what was loaded
   * @param loader the closing line of load format mows; empty if there is none
   */
  EngineStart(
      double seconds, double copySeconds, double weightsSeconds, String answer, String loader) {
    this.seconds = seconds;
    this.copySeconds = copySeconds;
    this.weightsSeconds = weightsSeconds;
    this.answer = answer;
    this.loader = loader;
  }

  /** Of a node that was not done. */
  static EngineStart unended(EveryNode.Outcome outcome) {
    return new EngineStart(outcome.seconds(), 0, outcome.seconds(), "", "");
  }

  double seconds() {
    return seconds;
  }

  /** Copy and weights. */
  double loadSeconds() {
    return copySeconds + weightsSeconds;
  }

  String answer() {
    return answer;
  }

  String loader() {
    return loader;
  }
}
