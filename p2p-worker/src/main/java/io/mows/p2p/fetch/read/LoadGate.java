// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.state.EngineClosed;
import io.mows.p2p.fetch.state.LoadEffects;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The loads that somebody waits for, by the number under which the engine knows them, and what else
 * the engine tells of loads. Thread-safe.
 */
public final class LoadGate implements LoadEffects {
  private final Map<Long, CompletableFuture<Void>> results = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(1);
  private final Mailbox mailbox;
  private final Map<String, Long> lanePartial = new ConcurrentHashMap<>();
  private volatile boolean othersFetch;

  public LoadGate(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  /**
   * Begins a load.
   *
   * @param event what the engine is told, for the number of the load
   */
  public CompletableFuture<Void> begin(LongFunction<Consumer<FetchInput>> event) {
    long load = next.getAndIncrement();
    CompletableFuture<Void> result = new CompletableFuture<>();
    results.put(load, result);
    if (!mailbox.post(event.apply(load))) {
      loadFailed(load, EngineClosed.failure());
    }
    return result;
  }

  @Override
  public void loadDone(long load) {
    CompletableFuture<Void> result = results.remove(load);
    if (result != null) {
      result.complete(null);
    }
  }

  @Override
  public void loadFailed(long load, Throwable failure) {
    CompletableFuture<Void> result = results.remove(load);
    if (result != null) {
      result.completeExceptionally(failure);
    }
  }

  @Override
  public void lanePartial(String lane, long bytes) {
    lanePartial.put(lane, bytes);
  }

  /** Bytes that have arrived of blocks of this lane that are not complete. */
  public long lanePartial(String lane) {
    return lanePartial.getOrDefault(lane, 0L);
  }

  @Override
  public void othersFetch(boolean now) {
    othersFetch = now;
  }

  /** What {@code activityAsked} has found last. */
  public boolean othersFetch() {
    return othersFetch;
  }
}
