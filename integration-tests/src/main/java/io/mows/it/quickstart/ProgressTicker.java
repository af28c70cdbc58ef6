// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.origin.OriginAdmin;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says every few seconds that a long step is still at work, how much the origin has sent, and,
 * where the origin is what it waits for, how long it still takes.
 */
final class ProgressTicker {
  private static final int PERIOD_SECONDS = 5;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private final long startNs = System.nanoTime();
  private final OriginAdmin origin;
  private final long totalBytes;
  private final Consumer<String> out;

  private ProgressTicker(OriginAdmin origin, long totalBytes, Consumer<String> out) {
    this.origin = origin;
    this.totalBytes = totalBytes;
    this.out = out;
  }

  /**
   * Begins to tell.
   *
   * @param totalBytes what the origin has to send, if it sends all of it
   */
  static ProgressTicker start(OriginAdmin origin, long totalBytes, Consumer<String> out) {
    ProgressTicker ticker = new ProgressTicker(origin, totalBytes, out);
    ticker.timer.scheduleAtFixedRate(
        ticker::tick, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return ticker;
  }

  void stop() {
    timer.shutdownNow();
  }

  private void tick() {
    long seconds = (System.nanoTime() - startNs) / 1_000_000_000;
    try {
      out.accept(line(seconds, origin.stats().bytesSent(), totalBytes));
    } catch (IOException e) {
      // Progress is a courtesy: the step itself will fail if the origin is gone.
      out.accept("    ... " + seconds + " s, the origin does not answer: " + e.getMessage());
    }
  }

  /** What is said after some seconds. */
  static String line(long seconds, long sentBytes, long totalBytes) {
    String line = "    ... " + seconds + " s, origin sent " + StepsTable.bytes(sentBytes);
    // Stock Alluxio may read a model several times, and what others have does not come from there:
    // then nobody knows.
    if (sentBytes < totalBytes / 20 || sentBytes >= totalBytes) {
      return line;
    }
    return line
        + " of "
        + StepsTable.bytes(totalBytes)
        + ", about "
        + Math.max(1, Math.round((double) seconds * (totalBytes - sentBytes) / sentBytes))
        + " s left";
  }
}
