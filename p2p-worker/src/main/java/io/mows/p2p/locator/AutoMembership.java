// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who hosts the locator when nobody configured it: the worker that runs longest, as the master's
 * list says. Everybody decides alone. While two workers see different lists there may be two
 * directories for a moment; each is right about those who announce there, so nothing worse comes of
 * it than that some peers do not know some others.
 *
 * <p>The master lists a dead worker for minutes, and lists workers that do not run MoWS. So a host
 * that does not answer is passed over after {@link #PATIENCE_MS}, for {@link #PASS_OVER_MS}: all
 * workers see it silent and all move on to the same next one.
 *
 * <p>Pure: gets the time. Not thread-safe.
 */
public final class AutoMembership {
  public static final long PATIENCE_MS = 15_000;
  public static final long PASS_OVER_MS = 120_000;

  /** Who hosts first, and who next if that one does not answer. */
  public static final Comparator<WorkerRef> OLDEST_FIRST =
      Comparator.comparingLong(WorkerRef::startTimeMs)
          .thenComparingLong(WorkerRef::id)
          .thenComparing(WorkerRef::locatorAddress);

  private final Map<WorkerRef, Long> passedOverUntilMs = new HashMap<>();
  private Optional<WorkerRef> host = Optional.empty();
  private long silentSinceMs = -1;

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
    passedOverUntilMs.entrySet().removeIf(entry -> entry.getValue() <= nowMs);
    Optional<WorkerRef> next =
        workers.stream().filter(worker -> !passedOverUntilMs.containsKey(worker)).min(OLDEST_FIRST);
    if (!next.equals(host)) {
      host = next;
      silentSinceMs = -1;
    }
    return host;
  }

  /** The current host answered. */
  public void answered() {
    silentSinceMs = -1;
  }

  /**
   * The current host did not answer.
   *
   * @return whether it is passed over from now on: {@link #decide} again
   */
  public boolean failed(long nowMs) {
    if (silentSinceMs < 0) {
      silentSinceMs = nowMs;
    }
    if (nowMs - silentSinceMs < PATIENCE_MS) {
      return false;
    }
    passOver(nowMs);
    return true;
  }

  /** The current host cannot be one: this worker itself, whose port is taken. */
  public void passOver(long nowMs) {
    host.ifPresent(worker -> passedOverUntilMs.put(worker, nowMs + PASS_OVER_MS));
  }
}
