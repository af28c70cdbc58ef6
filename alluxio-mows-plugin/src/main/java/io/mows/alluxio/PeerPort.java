// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import io.mows.alluxio.check.Finding;
import io.mows.alluxio.trust.ClusterJoin;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port at which other workers reach this one. As long as it cannot be had, because another
 * process has it, this worker still dials the others, takes from them and gives them over the same
 * connections; the port is tried again. Thread-safe.
 */
final class PeerPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPort.class);
  private static final long RETRY_MS = 60_000;

  private final Opening opening;
  private final long retryMs;
  private volatile String obstacle = "";
  private volatile boolean isClosed;

  PeerPort(Opening opening) {
    this(opening, RETRY_MS);
  }

  PeerPort(Opening opening, long retryMs) {
    this.opening = opening;
    this.retryMs = retryMs;
  }

  /** Opens it, now or later. */
  void open() {
    if (isClosed) {
      return;
    }
    try {
      opening.open();
      if (!obstacle.isEmpty()) {
        LOG.info("Other workers can reach this one now");
      }
      obstacle = "";
    } catch (IOException | RuntimeException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(obstacle)) {
        obstacle = why;
        LOG.error(
            "Other workers cannot reach this one, which still takes from those that it reaches: {}",
            why,
            e);
      }
      CompletableFuture.delayedExecutor(retryMs, TimeUnit.MILLISECONDS).execute(this::open);
    }
  }

  /** Why others do not reach this worker; empty if nothing is known that keeps them from it. */
  Optional<Finding> finding() {
    return Optional.of(obstacle)
        .filter(why -> !why.isEmpty())
        .map(
            why ->
                Finding.problem(
                    ClusterJoin.SUBJECT,
                    "this worker takes from others, but they cannot reach it: " + why,
                    "what it says; it is tried again every minute"));
  }

  /** Ends the attempts. */
  @Override
  public void close() {
    isClosed = true;
  }

  /** Starts to listen. */
  @FunctionalInterface
  interface Opening {
    /**
     * @throws IOException if the port cannot be had, with the remedy
     */
    void open() throws IOException;
  }
}
