// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a script of an {@link EngineWorkload} and its engine have said so far, line by line. Knows
 * no clock. Thread-safe.
 */
final class EngineOutput {
  /** The process is up, and waits for a line. */
  static final String READY = "ready";

  /** The first token, or the last tensor, is there. */
  static final String DONE = "done";

  /** Followed by what is the same whatever the model came through. */
  static final String ANSWER = "answer";

  private static final Pattern MARK = Pattern.compile("BENCH (\\S+)(?: (\\S+))?");
  private static final Pattern WEIGHTS = Pattern.compile("Loading weights took ([0-9.]+) seconds");
  private static final Pattern LOADER = Pattern.compile("MoWS: .* loaded in .*");
  private static final int TAIL_LINES = 30;

  private final Map<String, Double> marks = new HashMap<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private Optional<String> answer = Optional.empty();
  private Optional<String> loader = Optional.empty();
  private OptionalDouble weightsSeconds = OptionalDouble.empty();

  /**
   * Takes a line.
   *
   * @param seconds at which it came, on the clock of the start
   */
  synchronized void line(String line, double seconds) {
    tail.add(line);
    if (tail.size() > TAIL_LINES) {
      tail.remove();
    }
    Matcher mark = MARK.matcher(line);
    if (mark.find()) {
      marks.put(mark.group(1), seconds);
      if (mark.group(1).equals(ANSWER)) {
        answer = Optional.ofNullable(mark.group(2));
      }
    }
    Matcher weights = WEIGHTS.matcher(line);
    if (weights.find()) {
      weightsSeconds = OptionalDouble.of(Double.parseDouble(weights.group(1)));
    }
    Matcher closing = LOADER.matcher(line);
    if (closing.find()) {
      loader = Optional.of(closing.group());
    }
  }

  /** When the script said this; empty if it did not. */
  synchronized OptionalDouble secondsOf(String mark) {
    Double seconds = marks.get(mark);
    return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
  }

  /** What it has loaded. */
  synchronized Optional<String> answer() {
    return answer;
  }

  /** What the engine says that its weights took; empty if it says nothing of the kind. */
  synchronized OptionalDouble weightsSeconds() {
    return weightsSeconds;
  }

  /** The closing line of load format mows. */
  synchronized Optional<String> loader() {
    return loader;
  }

  /** The last lines, to see what went wrong. */
  synchronized String tail() {
    return String.join("\n", tail);
  }
}
