// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a locator that has others: where it cannot start, because another process has its
 * port, this worker asks the others and shares as ever, and the member is tried again. Has one
 * thread, {@code mows-locator-again}, while it does not run. Thread-safe.
 */
final class OneOfSeveral implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OneOfSeveral.class);
  private static final String THREAD = "mows-locator-again";
  private static final long RETRY_MS = 60_000;

  private final Start start;
  private final Consumer<String> obstacles;
  private final long retryMs;
  private final ScheduledExecutorService thread = NamedThreads.scheduled(THREAD);
  private Runnable endsMember = () -> {};
  private String obstacle = "";
  private boolean isClosed;

  private OneOfSeveral(Start start, Consumer<String> obstacles, long retryMs) {
    this.start = start;
    this.obstacles = obstacles;
    this.retryMs = retryMs;
  }

  /**
   * Starts it, now or later.
   *
   * @param obstacles hears why it cannot, and nothing ("") when it has
   */
  static OneOfSeveral start(Start start, Consumer<String> obstacles) {
    return start(start, obstacles, RETRY_MS);
  }

  static OneOfSeveral start(Start start, Consumer<String> obstacles, long retryMs) {
    OneOfSeveral one = new OneOfSeveral(start, obstacles, retryMs);
    one.tryToStart();
    return one;
  }

  private synchronized void tryToStart() {
    if (isClosed) {
      return;
    }
    try {
      endsMember = start.start();
      obstacles.accept("");
      thread.shutdown();
    } catch (IOException e) {
      if (!obstacle.equals(e.getMessage())) {
        obstacle = String.valueOf(e.getMessage());
        obstacles.accept(obstacle);
        LOG.error(
            "This worker's member of the locator cannot start; the others do without it, and it is"
                + " tried again every minute: {}",
            obstacle,
            e);
      }
      thread.schedule(this::tryToStart, retryMs, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    Runnable ends;
    synchronized (this) {
      isClosed = true;
      ends = endsMember;
    }
    NamedThreads.stop(thread, THREAD);
    ends.run();
  }

  /** Starts a member. */
  @FunctionalInterface
  interface Start {
    /**
     * Returns what ends it.
     *
     * @throws IOException if that is not possible now; says what to do
     */
    Runnable start() throws IOException;
  }
}
