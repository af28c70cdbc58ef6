// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import io.mows.it.cluster.Build;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The plain loops of {@code floor.c}, compiled with this machine's compiler. Immutable. */
final class FloorProgram {
  private static final Path SOURCE = Path.of("integration-tests/src/main/native/floor.c");

  private final Path program;

  private FloorProgram(Path program) {
    this.program = program;
  }

  /**
   * Compiles it.
   *
   * @param dir where the program goes
   * @throws IOException if there is no compiler
   */
  static FloorProgram compile(Path dir) throws IOException {
    Path program = dir.resolve("floor");
    String source = Build.checkout().resolve(SOURCE).toString();
    List<String> command = List.of("gcc", "-O2", "-o", program.toString(), source);
    try {
      run(command);
    } catch (IOException e) {
      throw new IOException("No floor without a C compiler: apt-get install gcc libc6-dev", e);
    }
    return new FloorProgram(program);
  }

  /** Starts one of the loops. */
  Running start(List<String> enter, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(enter);
    command.add(program.toString());
    command.addAll(arguments);
    return new Running(command);
  }

  private static void run(List<String> command) throws IOException {
    try (Running running = new Running(command)) {
      running.await();
    }
  }

  /** One of the loops at work. */
  static final class Running implements AutoCloseable {
    private final List<String> command;
    private final Process process;
    private final BufferedReader output;

    Running(List<String> command) throws IOException {
      this.command = command;
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      this.output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** The next line that it prints. */
    String line() throws IOException {
      String line = output.readLine();
      if (line == null) {
        throw new IOException(String.join(" ", command) + " ended without a word");
      }
      return line;
    }

    /** Waits for the end; what it has used of the processor, in seconds. */
    double seconds() throws IOException {
      List<String> words = Splitter.on(' ').splitToList(line());
      await();
      return Double.parseDouble(words.get(0)) + Double.parseDouble(words.get(1));
    }

    private void await() throws IOException {
      try {
        if (process.waitFor() != 0) {
          throw new IOException(String.join(" ", command) + " failed");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while " + command.get(0) + " runs", e);
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
