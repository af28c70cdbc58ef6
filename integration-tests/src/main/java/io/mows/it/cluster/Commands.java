// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs short external commands (mount, ip, tc) and the Alluxio command line. */
final class Commands {
  private static final Duration SHORT = Duration.ofSeconds(30);

  private Commands() {}

  /**
   * Runs a command that must succeed.
   *
   * @return what it printed, standard error included
   * @throws IOException if it cannot be run, fails or takes more than 30 seconds
   */
  static String run(List<String> command) throws IOException {
    CliResult result = tryRun(command, SHORT);
    if (!result.succeeded()) {
      throw new IOException(
          "'"
              + String.join(" ", command)
              + "' failed with exit code "
              + result.exitCode()
              + ": "
              + result.output().trim());
    }
    return result.output();
  }

  /** {@link #run(List)} for a fixed command. */
  static String run(String... command) throws IOException {
    return run(List.of(command));
  }

  /**
   * Runs a command and returns how it ended.
   *
   * @throws IOException if it cannot be run, or takes longer than {@code timeout} (it is killed)
   */
  static CliResult tryRun(List<String> command, Duration timeout) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process));
    try {
      String text = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new CliResult(process.waitFor(), text);
    } catch (TimeoutException e) {
      throw new IOException(
          "'" + String.join(" ", command) + "' took longer than " + timeout.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException("cannot read the output of '" + String.join(" ", command) + "'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running '" + String.join(" ", command) + "'", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String readAll(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The stream of a process that was killed for taking too long.
      return "";
    }
  }
}
