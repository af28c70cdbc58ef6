// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.warmup.JobCoverage;
import java.io.IOException;
import java.io.PrintStream;

/** Where a warm-up command prints, and in which form. Immutable. */
final class WarmupOutput {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;

  /**
   * @param json whether one JSON object is printed, and nothing else on {@code out}
   */
  WarmupOutput(PrintStream out, PrintStream err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  boolean isJson() {
    return json;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** Where lines for people go: not between a program and its JSON object. */
  PrintStream lines() {
    return json ? err : out;
  }

  void print(ObjectNode object) throws IOException {
    out.println(Json.print(object));
  }

  /**
   * Prints one job and how far it is.
   *
   * @return what the command ends with
   */
  int show(JobCoverage coverage) throws IOException {
    CoverageReport report = new CoverageReport(coverage);
    if (json) {
      ObjectNode node = Json.newObject();
      report.write(node);
      print(node);
    } else {
      report.print(out);
    }
    return report.exitCode();
  }
}
