// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli;

import alluxio.cli.Command;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** How a command ended and what it printed. */
final class CommandRun {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int exitCode;

  private CommandRun() {}

  /**
   * @param command makes the command that prints to these
   */
  static CommandRun of(BiFunction<PrintStream, PrintStream, Command> command, String... arguments)
      throws Exception {
    CommandRun run = new CommandRun();
    try (Command made = command.apply(stream(run.out), stream(run.err))) {
      run.exitCode = made.run(made.parseAndValidateArgs(arguments));
    }
    return run;
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  int exitCode() {
    return exitCode;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out());
  }
}
