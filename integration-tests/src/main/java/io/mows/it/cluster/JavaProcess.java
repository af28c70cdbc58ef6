// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A running JVM whose standard output and error go to a log file. */
final class JavaProcess {
  private static final int TAIL_LINES = 40;
  private static final int TAIL_BYTES = 16 << 10;
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path log;

  private JavaProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a command in a session of its own, so that Ctrl-C at the caller's terminal reaches the
   * caller alone, who then ends this process in good order. The log is appended to.
   */
  static JavaProcess start(String name, List<String> command, Path workDir, Path log)
      throws IOException {
    Files.createDirectories(log.getParent());
    ProcessBuilder builder = new ProcessBuilder("setsid");
    builder.command().addAll(command);
    // The settings of whoever calls must not reach a process whose settings are all given here.
    builder.environment().keySet().removeIf(key -> key.endsWith("JAVA_OPTIONS"));
    Process process =
        builder
            .directory(workDir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    return new JavaProcess(name, process, log);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the process to end (SIGTERM) and returns at once. */
  void terminate() {
    process.destroy();
  }

  /** Kills the process (SIGKILL) and waits for its end. */
  void kill9() throws IOException {
    process.destroyForcibly();
    if (!endsWithin(KILL_TIMEOUT)) {
      throw new IOException(name + " (pid " + pid() + ") survives SIGKILL");
    }
  }

  /** Waits for a process that was asked to end; kills it when its time is up. */
  void awaitEndOrKill(Duration grace) throws IOException {
    if (!endsWithin(grace)) {
      kill9();
    }
  }

  /** Throws, with the end of the log, if the process is gone. */
  void checkAlive() throws IOException {
    if (!isAlive()) {
      throw new IOException(name + " ended with exit code " + process.exitValue() + ". " + tail());
    }
  }

  /** The end of the log, for a message. */
  String tail() {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int from = Math.max(0, bytes.length - TAIL_BYTES);
      List<String> lines =
          new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
              .lines()
              .collect(Collectors.toList());
      int first = Math.max(0, lines.size() - TAIL_LINES);
      return "End of " + log + ":\n" + String.join("\n", lines.subList(first, lines.size()));
    } catch (IOException e) {
      return "Its log " + log + " cannot be read: " + e;
    }
  }

  /** Waits by the handle, which (unlike the process) can be waited for from any thread at once. */
  private boolean endsWithin(Duration timeout) throws IOException {
    try {
      process.toHandle().onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException("cannot wait for " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name + " to end", e);
    }
  }
}
