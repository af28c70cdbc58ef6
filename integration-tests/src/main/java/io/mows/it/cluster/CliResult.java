// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

/** How a command ended: its exit code and what it printed, standard error included. */
public final class CliResult {
  private final int exitCode;
  private final String output;

  CliResult(int exitCode, String output) {
    this.exitCode = exitCode;
    this.output = output;
  }

  public int exitCode() {
    return exitCode;
  }

  public String output() {
    return output;
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  @Override
  public String toString() {
    return "exit code " + exitCode + ":\n" + output;
  }
}
