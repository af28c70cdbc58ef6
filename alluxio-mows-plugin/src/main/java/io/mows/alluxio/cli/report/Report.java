// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;

/** What a command found out, for people and for programs. */
public interface Report {
  /** Prints it for people. */
  void print(PrintStream out);

  /** Writes it into an empty object. Names stay the same from version to version. */
  void write(ObjectNode json);

  /** Why the report is not complete; empty if it is. */
  List<String> failures();
}
