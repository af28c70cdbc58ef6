// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import io.mows.channel.PrintableText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where commands write text: a terminal, perhaps. Names of files, and what workers, manifests and
 * the origin say, may hold control characters, by which the terminal would be told what to do; each
 * becomes a question mark. Lines and tabs stay, and a return with which a text begins: a bar is
 * drawn over itself by it.
 */
public final class TerminalText extends PrintStream {
  private final PrintStream to;

  public TerminalText(PrintStream to) {
    super(to, true, StandardCharsets.UTF_8);
    this.to = to;
  }

  @Override
  public void print(String text) {
    String some = String.valueOf(text);
    boolean isOver = some.startsWith("\r");
    to.print(isOver ? "\r" + PrintableText.lines(some.substring(1)) : PrintableText.lines(some));
  }

  @Override
  public void print(Object object) {
    print(String.valueOf(object));
  }

  @Override
  public void println() {
    to.println();
  }

  @Override
  public void println(String text) {
    print(text);
    println();
  }

  @Override
  public void println(Object object) {
    println(String.valueOf(object));
  }

  @Override
  @SuppressWarnings("AnnotateFormatMethod") // The method that it stands for is known as one.
  public PrintStream format(String format, Object... arguments) {
    print(String.format(format, arguments));
    return this;
  }

  @Override
  @SuppressWarnings("AnnotateFormatMethod") // As above.
  public PrintStream format(Locale locale, String format, Object... arguments) {
    print(String.format(locale, format, arguments));
    return this;
  }

  @Override
  public void flush() {
    to.flush();
  }
}
