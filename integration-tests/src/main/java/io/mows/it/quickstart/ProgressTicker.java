// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.origin.OriginAdmin;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says every few seconds that a long step is still at work, and how much the origin has sent. */
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
  private final Consumer<String> out;

  private ProgressTicker(OriginAdmin origin, Consumer<String> out) {
    this.origin = origin;
    this.out = out;
  }

  static ProgressTicker start(OriginAdmin origin, Consumer<String> out) {
    ProgressTicker ticker = new ProgressTicker(origin, out);
    ticker.timer.scheduleAtFixedRate(
        ticker::tick, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return ticker;
  }

  void stop() {
    timer.shutdownNow();
  }

  private void tick() {
    String sent;
    try {
      sent = StepsTable.bytes(origin.stats().bytesSent());
    } catch (IOException e) {
      // Progress is a courtesy: the step itself will fail if the origin is gone.
      sent = "an unknown amount (" + e.getMessage() + ")";
    }
    long seconds = (System.nanoTime() - startNs) / 1_000_000_000;
    out.accept("    ... " + seconds + " s, origin sent " + sent);
  }
}
