// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal that is drawn over again and again, by the few control sequences that every one of
 * them knows, over ssh and in tmux, too. For one thread.
 */
final class Screen implements AutoCloseable {
  /** Another screen, no cursor, and lines that are too long end at its edge. */
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l\u001b[?7l";

  private static final String OWN_SCREEN = "\u001b[?7h\u001b[?25h\u001b[?1049l";
  private static final String TO_THE_TOP = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final Pattern SIZE = Pattern.compile("\\s*([1-9]\\d*) ([1-9]\\d*)\\s*");
  private static final int HEIGHT = 24;
  private static final int WIDTH = 80;

  private final PrintStream out;
  private boolean closed;

  /** What was there before is there again when this is closed. */
  Screen(PrintStream out) {
    this.out = out;
    out.print(OTHER_SCREEN);
  }

  synchronized void draw(List<String> lines) {
    if (closed) {
      return;
    }
    StringBuilder all = new StringBuilder(TO_THE_TOP);
    for (int i = 0; i < lines.size(); i++) {
      // No line break after the last line: the terminal would scroll.
      all.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
    }
    out.print(all.append(CLEAR_BELOW));
    out.flush();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      out.print(OWN_SCREEN);
      out.flush();
    }
  }

  /** Lines and columns of this process's terminal, asked anew: it may have been made larger. */
  static int[] size() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return size(answer);
    } catch (IOException e) {
      return size("");
    }
  }

  /**
   * @param answer of {@code stty size}
   */
  static int[] size(String answer) {
    Matcher size = SIZE.matcher(answer);
    return size.matches()
        ? new int[] {Math.max(2, Integer.parseInt(size.group(1))), Integer.parseInt(size.group(2))}
        : new int[] {HEIGHT, WIDTH};
  }
}
