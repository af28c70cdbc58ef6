// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who hosts the locator when nobody configured it: the worker that runs longest, as the master's
 * list says. Everybody decides alone. While two workers see different lists there may be two
 * directories for a moment; each is right about those who announce there, so nothing worse comes of
 * it than that some peers do not know some others.
 *
 * <p>The master lists a dead worker for minutes, and lists workers that do not run MoWS. So a host
 * that does not answer is passed over after {@link #PATIENCE_MS}: all workers see it silent and all
 * move on to the same next one. If only some of them did, because it or they were slow, there are
 * two directories; so who was passed over is asked again ({@link #passedOver}), and all return to
 * it as soon as it answers. A worker whose machine says that none of ours is there is passed over
 * at once ({@link #absent}), however many such workers are older.
 *
 * <p>Pure: gets the time. Not thread-safe.
 */
public final class HostElection {
  public static final long PATIENCE_MS = 15_000;

  /** After that a worker tries again to be the host, if it could not. */
  public static final long UNABLE_MS = 120_000;

  /** Who hosts first, and who next if that one does not answer. */
  public static final Comparator<WorkerRef> OLDEST_FIRST =
      Comparator.comparingLong(WorkerRef::startTimeMs)
          .thenComparingLong(WorkerRef::id)
          .thenComparing(WorkerRef::locatorAddress);

  private final Set<WorkerRef> silent = new HashSet<>();
  private Optional<WorkerRef> unable = Optional.empty();
  private long unableUntilMs;
  private Optional<WorkerRef> host = Optional.empty();
  private long silentSinceMs = -1;
  private boolean hasAnswered;

  /**
   * Decides anew.
   *
   * @param workers the living workers, this one among them; an empty list (the master does not
   *     answer) changes nothing
   * @param nowMs any clock that does not jump
   * @return the host, or empty if no worker is left
   */
  public Optional<WorkerRef> decide(List<WorkerRef> workers, long nowMs) {
    if (workers.isEmpty()) {
      return host;
    }
    silent.retainAll(workers);
    unable = unable.filter(worker -> nowMs < unableUntilMs);
    Optional<WorkerRef> next =
        workers.stream()
            .filter(worker -> !silent.contains(worker) && !unable.equals(Optional.of(worker)))
            .min(OLDEST_FIRST);
    if (!next.equals(host)) {
      host = next;
      silentSinceMs = -1;
      hasAnswered = false;
    }
    return host;
  }

  /** The current host answered. */
  public void answered() {
    silentSinceMs = -1;
    hasAnswered = true;
  }

  /**
   * Who would host before {@code self} does, beginning with the current host: none of them as long
   * as that answers.
   *
   * @param workers the living workers
   * @param selfAddress this worker's locator address
   */
  public List<WorkerRef> doubtful(List<WorkerRef> workers, String selfAddress, int max) {
    if (host.isEmpty() || (hasAnswered && silentSinceMs < 0)) {
      return List.of();
    }
    return workers.stream()
        .filter(worker -> !silent.contains(worker) && !unable.equals(Optional.of(worker)))
        .sorted(OLDEST_FIRST)
        .takeWhile(worker -> !worker.locatorAddress().equals(selfAddress))
        .limit(max)
        .collect(Collectors.toList());
  }

  /** No worker of ours is there: it is passed over at once. {@link #decide} again. */
  public void absent(WorkerRef worker) {
    silent.add(worker);
  }

  /**
   * The current host did not answer.
   *
   * @return whether that lasts long enough: {@link #passOver} it
   */
  public boolean failed(long nowMs) {
    if (silentSinceMs < 0) {
      silentSinceMs = nowMs;
    }
    return nowMs - silentSinceMs >= PATIENCE_MS;
  }

  /** The current host, another worker, does not answer: {@link #decide} again. */
  public void passOver() {
    host.ifPresent(silent::add);
  }

  /**
   * The current host is this worker, which cannot be one (its port is taken, its disk is full):
   * {@link #decide} again.
   */
  public void unable(long nowMs) {
    unable = host;
    unableUntilMs = nowMs + UNABLE_MS;
  }

  /** Who would be the host if it had answered. */
  public Set<WorkerRef> passedOver() {
    return silent.stream()
        .filter(worker -> host.isEmpty() || OLDEST_FIRST.compare(worker, host.get()) < 0)
        .collect(Collectors.toSet());
  }

  /** One of {@link #passedOver} answers: {@link #decide} again. */
  public void answers(WorkerRef worker) {
    silent.remove(worker);
  }
}
