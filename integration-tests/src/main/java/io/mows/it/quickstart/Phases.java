// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The phases of a run, one after the other: says which one is at work, since when the whole run has
 * been, and how long this one and all that follow usually take. Not thread-safe.
 */
final class Phases {
  private static final int TAIL_LINES = 25;

  private final List<Phase> plan;
  private final LongSupplier clockMs;
  private final long beganMs;
  private final Consumer<String> out;
  private Phase current;

  /**
   * @param plan what will be done, in order
   * @param clockMs milliseconds since the epoch
   * @param beganMs when the run began, by that clock
   * @param out takes lines
   */
  Phases(List<Phase> plan, LongSupplier clockMs, long beganMs, Consumer<String> out) {
    this.plan = List.copyOf(plan);
    this.clockMs = clockMs;
    this.beganMs = beganMs;
    this.out = out;
  }

  /** Says that a phase of the plan begins. */
  void begin(Phase phase) {
    current = phase;
    int index = plan.indexOf(phase);
    int later = plan.stream().skip(index + 1L).mapToInt(Phase::usualSeconds).sum();
    say(
        String.format(
            "%s (%d of %d, usually %d s%s)",
            phase.title(),
            index + 1,
            plan.size(),
            phase.usualSeconds(),
            later == 0 ? "" : "; what follows takes " + later + " s"));
  }

  /** Says something with the time since the run began. */
  void say(String text) {
    out.accept(String.format("[%4d s] %s", (clockMs.getAsLong() - beganMs) / 1000, text));
  }

  /** Prints a table, as it is. */
  void table(String table) {
    out.accept("");
    out.accept(table);
  }

  /** Says of a failure which phase was at work. */
  String failure(String message) {
    return "this phase has failed: "
        + (current == null ? "the start" : current.title())
        + "\n"
        + message;
  }

  /** Adds the end of the log that tells more to a failure. */
  static String withTail(String message, Path log) {
    return message + tail(log);
  }

  private static String tail(Path log) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .collect(Collectors.toList());
      return "\nThe last lines of "
          + log
          + ":\n  "
          + String.join(
              "\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "\nIts log " + log + " cannot be read: " + e.getMessage();
    }
  }
}
