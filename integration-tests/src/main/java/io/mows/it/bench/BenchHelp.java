// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Somebody asked which options a benchmark has: nothing is to be run. */
final class BenchHelp extends ParseException {
  private static final long serialVersionUID = 1L;
  private static final int WIDTH = 100;

  static final String FLAG = "--help";

  private final transient Options options;

  BenchHelp(Options options) {
    super(FLAG);
    this.options = options;
  }

  /** The options, for people. */
  String text(String bench) {
    StringWriter text = new StringWriter();
    HelpFormatter format = new HelpFormatter();
    format.printHelp(
        new PrintWriter(text, true),
        WIDTH,
        "bench " + bench + " [options]",
        "",
        options,
        format.getLeftPadding(),
        format.getDescPadding(),
        "");
    return text.toString();
  }
}
