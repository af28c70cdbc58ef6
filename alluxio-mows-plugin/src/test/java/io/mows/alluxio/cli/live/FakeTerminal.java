// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a terminal shows after the bytes that it has got: of the control sequences it knows those
 * that {@link Screen} may use, and fails at any other. Thread-safe.
 */
final class FakeTerminal {
  private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[(\\??)(\\d*)([A-Za-z])");

  private char[][] cells;
  private int row;
  private int column;
  private boolean onOtherScreen;
  private boolean hasCursor = true;
  private boolean wraps = true;
  private int frames;
  private int emptyFrames;
  private String rest = "";

  FakeTerminal(int rows, int columns) {
    resize(rows, columns);
  }

  synchronized void resize(int rows, int columns) {
    cells = new char[rows][columns];
    for (char[] line : cells) {
      Arrays.fill(line, ' ');
    }
    row = 0;
    column = 0;
  }

  synchronized void write(String text) {
    String all = rest + text;
    int at = 0;
    rest = "";
    while (at < all.length()) {
      char c = all.charAt(at);
      if (c != '\u001b') {
        put(c);
        at++;
        continue;
      }
      Matcher sequence = SEQUENCE.matcher(all).region(at, all.length());
      if (!sequence.lookingAt()) {
        rest = all.substring(at);
        if (rest.length() > 16) {
          throw new IllegalStateException("a terminal may not know " + rest.replace('\u001b', '^'));
        }
        return;
      }
      control(sequence.group(1) + sequence.group(2) + sequence.group(3));
      at = sequence.end();
    }
  }

  private void put(char c) {
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      row++;
      if (row == cells.length) {
        row--;
        System.arraycopy(cells, 1, cells, 0, row);
        cells[row] = new char[cells[0].length];
        Arrays.fill(cells[row], ' ');
      }
    } else if (c >= ' ') {
      if (column == cells[row].length) {
        if (wraps) {
          put('\r');
          put('\n');
        } else {
          column--;
        }
      }
      cells[row][column++] = c;
    }
  }

  private void control(String sequence) {
    switch (sequence) {
      case "H":
        frames++;
        emptyFrames += text().isBlank() ? 1 : 0;
        row = 0;
        column = 0;
        break;
      case "K":
        Arrays.fill(cells[row], Math.min(column, cells[row].length), cells[row].length, ' ');
        break;
      case "J":
        Arrays.fill(cells[row], Math.min(column, cells[row].length), cells[row].length, ' ');
        for (int below = row + 1; below < cells.length; below++) {
          Arrays.fill(cells[below], ' ');
        }
        break;
      case "?1049h":
      case "?1049l":
        onOtherScreen = sequence.endsWith("h");
        break;
      case "?25h":
      case "?25l":
        hasCursor = sequence.endsWith("h");
        break;
      case "?7h":
      case "?7l":
        wraps = sequence.endsWith("h");
        break;
      default:
        throw new IllegalStateException("a terminal may not know ESC [ " + sequence);
    }
  }

  /** All lines, without the spaces at their ends. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    for (char[] line : cells) {
      text.append(new String(line).stripTrailing()).append('\n');
    }
    return text.toString();
  }

  synchronized String line(int number) {
    return new String(cells[number]).stripTrailing();
  }

  synchronized int frames() {
    return frames;
  }

  /** How many frames began on a screen without anything on it: all but the first would flicker. */
  synchronized int emptyFrames() {
    return emptyFrames;
  }

  /** Whether all is as it was before somebody else drew on it. */
  synchronized boolean isAsItWas() {
    return !onOtherScreen && hasCursor && wraps;
  }

  synchronized boolean isOnOtherScreen() {
    return onOtherScreen;
  }
}
