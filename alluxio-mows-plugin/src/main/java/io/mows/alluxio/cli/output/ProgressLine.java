// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A bar that grows with the bytes that have been read. Thread-safe. */
public final class ProgressLine {
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int WIDTH = 40;

  private final PrintStream out;
  private final long allBytes;
  private final LongSupplier nanoClock;
  private long doneBytes;
  private long shownNs;
  private int lastLength;

  public ProgressLine(PrintStream out, long allBytes, LongSupplier nanoClock) {
    this.out = out;
    this.allBytes = allBytes;
    this.nanoClock = nanoClock;
    this.shownNs = nanoClock.getAsLong();
  }

  public synchronized void add(int bytes) {
    doneBytes += bytes;
    long nowNs = nanoClock.getAsLong();
    if (nowNs - shownNs >= INTERVAL_NS) {
      shownNs = nowNs;
      show();
    }
  }

  private void show() {
    long share = allBytes == 0 ? 100 : Math.min(100, 100 * doneBytes / allBytes);
    int filled = (int) (WIDTH * share / 100);
    String line =
        "["
            + "#".repeat(filled)
            + " ".repeat(WIDTH - filled)
            + "] "
            + share
            + " %  "
            + getSizeFromBytes(doneBytes)
            + " of "
            + getSizeFromBytes(allBytes);
    out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
    out.flush();
    lastLength = line.length();
  }

  /** Leaves the last state on its line, if anything was shown. */
  public synchronized void end() {
    if (lastLength > 0) {
      show();
      out.println();
    }
  }
}
