// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import com.google.common.base.Throwables;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the Alluxio master, which may be away for a while. Alluxio's clients wait minutes
 * for it then, and while it starts they say that a file does not exist. Here nobody who could do
 * with an answer from before waits longer than {@link Patience#quickMs}, and no answer is not "does
 * not exist". Thread-safe.
 */
public final class MasterCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterCalls.class);
  private static final String THREADS = "mows-master";

  /** Clients of a master that is away keep a thread each; more of them get an error at once. */
  private static final int MAX_THREADS = 64;

  private static final long PROBE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Patience patience;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MAX_THREADS,
          30,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          NamedThreads.many(THREADS));
  private final AtomicLong probedNs = new AtomicLong(System.nanoTime());
  private volatile boolean away;

  public MasterCalls(Patience patience) {
    this.patience = patience;
  }

  /** Something to ask. */
  public interface Question<T> {
    T ask() throws IOException, AlluxioException;
  }

  /** How long to wait for an answer. Immutable. */
  public static final class Patience {
    private final long quickMs;
    private final long knownAwayMs;
    private final long fullMs;

    /**
     * @param quickMs if there is an answer from before
     * @param knownAwayMs if there is none, and the master did not answer the last time
     * @param fullMs if there is none
     */
    public Patience(long quickMs, long knownAwayMs, long fullMs) {
      this.quickMs = quickMs;
      this.knownAwayMs = knownAwayMs;
      this.fullMs = fullMs;
    }
  }

  /**
   * The master's answer, or {@code known} if it gives none; waits as long as {@link Patience} says.
   *
   * @param known an answer from before that will do
   * @throws UnavailableException if there is no answer
   */
  public <T> T ask(Question<T> question, Optional<T> known) throws IOException, AlluxioException {
    return askOr(question, known.map(answer -> () -> answer));
  }

  /**
   * As {@link #ask}.
   *
   * @param otherwise asked in place of the master if that gives no answer
   */
  <T> T askOr(Question<T> question, Optional<Question<T>> otherwise)
      throws IOException, AlluxioException {
    boolean wasAway = away;
    if (wasAway && otherwise.isPresent() && !isTimeToProbe()) {
      return otherwise.get().ask();
    }
    Future<T> answer;
    try {
      answer = threads.submit(() -> asking(question));
    } catch (RejectedExecutionException e) {
      return or(otherwise, "too many wait for it already", e);
    }
    if (wasAway && otherwise.isPresent()) {
      return otherwise.get().ask();
    }
    long waitMs = otherwise.isPresent() ? patience.quickMs : patience.fullMs;
    return await(answer, wasAway ? Math.min(waitMs, patience.knownAwayMs) : waitMs, otherwise);
  }

  private static <T> T or(Optional<Question<T>> otherwise, String why, Throwable cause)
      throws IOException, AlluxioException {
    if (otherwise.isPresent()) {
      return otherwise.get().ask();
    }
    throw unavailable(why, cause);
  }

  private boolean isTimeToProbe() {
    long now = System.nanoTime();
    long last = probedNs.get();
    return now - last >= PROBE_NS
        && threads.getActiveCount() < MAX_THREADS / 2
        && probedNs.compareAndSet(last, now);
  }

  private <T> T await(Future<T> answer, long waitMs, Optional<Question<T>> otherwise)
      throws IOException, AlluxioException {
    try {
      return answer.get(waitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String why = "it did not answer within " + waitMs + " ms";
      isAway(why);
      return or(otherwise, why, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (!MasterAnswers.isOne(cause)) {
        return or(otherwise, cause.toString(), cause);
      }
      Throwables.throwIfInstanceOf(cause, IOException.class);
      Throwables.throwIfInstanceOf(cause, AlluxioException.class);
      throw new IOException(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while asking it", e);
    }
  }

  private <T> T asking(Question<T> question) throws IOException, AlluxioException {
    try {
      T answer = question.ask();
      isHere();
      return answer;
    } catch (IOException | AlluxioException | RuntimeException e) {
      if (MasterAnswers.isOne(e)) {
        isHere();
      } else {
        isAway(e.toString());
      }
      throw e;
    }
  }

  private void isHere() {
    if (away) {
      away = false;
      LOG.info("The Alluxio master answers again");
    }
  }

  private void isAway(String why) {
    if (!away) {
      away = true;
      LOG.warn(
          "The Alluxio master does not answer ({}). What is known of its files is used until it"
              + " does; what is not known waits for it, and fails with EIO",
          why);
    }
  }

  private static UnavailableException unavailable(String why, Throwable cause) {
    return new UnavailableException("The Alluxio master does not answer: " + why, cause);
  }

  @Override
  public void close() {
    NamedThreads.stop(threads, THREADS);
  }
}
