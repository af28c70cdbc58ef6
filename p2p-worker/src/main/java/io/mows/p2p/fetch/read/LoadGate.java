// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.state.EngineClosed;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The loads that somebody waits for, by the number under which the engine knows them. Thread-safe.
 */
public final class LoadGate {
  private final Map<Long, CompletableFuture<Void>> results = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(1);
  private final Mailbox mailbox;

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
      failed(load, EngineClosed.failure());
    }
    return result;
  }

  public void done(long load) {
    CompletableFuture<Void> result = results.remove(load);
    if (result != null) {
      result.complete(null);
    }
  }

  public void failed(long load, Throwable failure) {
    CompletableFuture<Void> result = results.remove(load);
    if (result != null) {
      result.completeExceptionally(failure);
    }
  }
}
