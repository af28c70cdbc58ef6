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
public final class CommandRun {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int exitCode;

  private CommandRun() {}

  /**
   * @param command makes the command that prints to these
   */
  public static CommandRun of(
      BiFunction<PrintStream, PrintStream, Command> command, String... arguments) throws Exception {
    CommandRun run = new CommandRun();
    try (Command made = command.apply(stream(run.out), stream(run.err))) {
      run.exitCode = made.run(made.parseAndValidateArgs(arguments));
    }
    return run;
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  public int exitCode() {
    return exitCode;
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  public JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out());
  }
}
