// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.thread.NamedThreads;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The questions that this member keeps until there is news or their time is up. Answers them on a
 * thread of its own, {@code mows-locator-held}: whoever applies an entry that is news does not wait
 * for a thousand answers. Thread-safe; no method blocks.
 */
public final class LongPolls implements AutoCloseable {
  /** As many as there may be workers; one more is answered at once. */
  static final int MAX_HELD = 4_096;

  private final Set<CompletableFuture<Void>> held = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor thread;

  public LongPolls() {
    thread = new ScheduledThreadPoolExecutor(1, NamedThreads.one("mows-locator-held"));
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Keeps a question.
   *
   * @param hasNews whether it need not be kept; asked once more when {@link #news} cannot be missed
   * @param answer is called when it is not kept any longer
   */
  public <T> CompletableFuture<T> hold(
      long patienceMs, BooleanSupplier hasNews, Supplier<T> answer) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<T> answered = end.thenApply(nothing -> answer.get());
    if (held.size() >= MAX_HELD) {
      end.complete(null);
      return answered;
    }
    held.add(end);
    try {
      Future<?> timer =
          thread.schedule(() -> end.complete(null), patienceMs, TimeUnit.MILLISECONDS);
      end.whenComplete(
          (nothing, error) -> {
            held.remove(end);
            timer.cancel(false);
          });
    } catch (RejectedExecutionException e) {
      held.remove(end);
      end.complete(null); // The member closes.
    }
    if (hasNews.getAsBoolean()) {
      end.complete(null);
    }
    return answered;
  }

  /** All who wait are answered now. */
  public void news() {
    if (held.isEmpty()) {
      return;
    }
    try {
      thread.execute(() -> held.forEach(end -> end.complete(null)));
    } catch (RejectedExecutionException e) {
      held.forEach(end -> end.complete(null));
    }
  }

  /** Whoever still waits is answered. */
  @Override
  public void close() {
    thread.shutdown();
    held.forEach(end -> end.complete(null));
  }
}
