// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.regex.Pattern;

/**
 * Text for logs and terminals that others have written. Who may name a file of the origin, or send
 * a message, could do with a terminal what he likes.
 */
public final class PrintableText {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final Pattern CONTROL_IN_LINES = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private PrintableText() {}

  /** With a question mark instead of each control character: one line. */
  public static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** The same, but ends of lines and tabs stay. */
  public static String lines(String text) {
    return CONTROL_IN_LINES.matcher(text).replaceAll("?");
  }
}
