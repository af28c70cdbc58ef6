// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import io.mows.alluxio.check.Finding;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.thread.Futures;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a worker join its cluster as soon as it is known whom to trust: tries again, ever less
 * often, until it has. Until then it trusts nobody. Has one thread, {@code mows-join}. Thread-safe.
 */
public final class ClusterJoin implements AutoCloseable {
  /** What {@code alluxio fs mows check} calls it. */
  public static final String SUBJECT = "sharing";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterJoin.class);
  private static final long MAX_PAUSE_MS = 60_000;

  private final Attempt attempt;
  private final Step join;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-join"));
  private Runnable onKnown = () -> {};
  private Consumer<Exception> onFailure = failure -> {};
  private long pauseMs;
  private volatile ClusterTrust trust = ClusterTrust.nobody();
  private volatile boolean joined;
  private volatile String obstacle = "this worker has not asked the Alluxio master yet";

  /**
   * @param source says whom to trust
   * @param join what follows once that is known; is repeated if it fails
   */
  public ClusterJoin(TrustSource source, Step join) {
    this(source::get, join, 1_000);
  }

  ClusterJoin(Attempt attempt, Step join, long firstPauseMs) {
    this.attempt = attempt;
    this.join = join;
    this.pauseMs = firstPauseMs;
  }

  /**
   * Begins; returns at once.
   *
   * @param known is called once, when it is known whom to trust
   * @param failed hears of each new reason for which this worker shares with nobody
   */
  public void start(Runnable known, Consumer<Exception> failed) {
    thread.execute(
        () -> {
          onKnown = known;
          onFailure = failed;
          step();
        });
  }

  private void step() {
    try {
      ClusterTrust known = attempt.get();
      trust = known;
      onKnown.run();
      onKnown = () -> {};
      join.join(known);
      joined = true;
      LOG.info("This worker shares as one of {}", known);
    } catch (IOException | RuntimeException e) {
      failed(e);
      thread.schedule(this::step, pauseMs, TimeUnit.MILLISECONDS);
      pauseMs = Math.min(MAX_PAUSE_MS, 2 * pauseMs);
    }
  }

  private void failed(Exception failure) {
    String why = Futures.reasonOf(failure);
    if (!why.equals(obstacle) && !thread.isShutdown()) {
      obstacle = why;
      onFailure.accept(failure);
    }
  }

  /** Whom this worker trusts now: nobody, until it has asked. */
  public ClusterTrust trust() {
    return trust;
  }

  /** Whether this worker shares, and if not why. */
  public Finding finding() {
    if (!joined) {
      return Finding.problem(
          SUBJECT,
          "with nobody, all is read from the origin: " + obstacle,
          "what it says; it is tried again every minute");
    }
    ClusterTrust known = trust;
    return known.isInsecure()
        ? Finding.note(
            SUBJECT,
            known + ": whoever reaches the ports is believed",
            "alluxio.mows.security.insecure=false on all workers")
        : Finding.ok(SUBJECT, known + ", all workers prove that they belong to it");
  }

  /** Ends the attempts. */
  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-join");
  }

  /** Finds out whom to trust. */
  @FunctionalInterface
  interface Attempt {
    ClusterTrust get() throws IOException;
  }

  /** What follows once it is known whom to trust. */
  @FunctionalInterface
  public interface Step {
    /**
     * @throws IOException if it cannot be done now; says what to do
     */
    void join(ClusterTrust trust) throws IOException;
  }
}
