// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for the directory of a worker that has not joined its cluster yet. One entry is held
 * for some seconds, so that a worker that is about to join is known at once when it has; all else
 * fails. Thread-safe.
 */
public final class PendingTransport implements LocatorTransport {
  private static final long HOLD_MS = 3_000;

  private final long holdMs;
  private volatile LocatorTransport transport;
  private CompletableFuture<LocatorTransport> held;
  private boolean isClosed;

  public PendingTransport() {
    this(HOLD_MS);
  }

  PendingTransport(long holdMs) {
    this.holdMs = holdMs;
  }

  /** Everything goes there from now on; it is closed with this one. */
  public void connect(LocatorTransport joined) {
    CompletableFuture<LocatorTransport> waiting;
    synchronized (this) {
      if (!isClosed) {
        transport = joined;
      }
      waiting = held;
      held = null;
    }
    if (transport != joined) {
      joined.close();
    } else if (waiting != null) {
      waiting.complete(joined);
    }
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    LocatorTransport now = transport;
    if (now != null) {
      return now.write(entry);
    }
    CompletableFuture<LocatorTransport> joined = hold();
    return joined == null ? absent() : joined.thenCompose(later -> later.write(entry));
  }

  /** What is complete when there is a directory; null if something else waits for that. */
  private synchronized CompletableFuture<LocatorTransport> hold() {
    if (transport != null) {
      return CompletableFuture.completedFuture(transport);
    }
    if (held != null || isClosed) {
      return null;
    }
    CompletableFuture<LocatorTransport> waiting = new CompletableFuture<>();
    held = waiting;
    CompletableFuture.delayedExecutor(holdMs, TimeUnit.MILLISECONDS).execute(() -> drop(waiting));
    return waiting;
  }

  private void drop(CompletableFuture<LocatorTransport> waiting) {
    synchronized (this) {
      if (held == waiting) {
        held = null;
      }
    }
    waiting.completeExceptionally(reason());
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    LocatorTransport now = transport;
    return now == null ? absent() : now.read(query, patienceMs);
  }

  private static CompletableFuture<byte[]> absent() {
    return CompletableFuture.failedFuture(reason());
  }

  private static IOException reason() {
    return new IOException("This worker has not joined its cluster yet");
  }

  @Override
  public String describe() {
    LocatorTransport now = transport;
    return now == null ? "(not joined yet)" : now.describe();
  }

  @Override
  public List<String> clocksOff() {
    LocatorTransport now = transport;
    return now == null ? List.of() : now.clocksOff();
  }

  @Override
  public void close() {
    CompletableFuture<LocatorTransport> waiting;
    LocatorTransport now;
    synchronized (this) {
      isClosed = true;
      now = transport;
      waiting = held;
      held = null;
    }
    if (waiting != null) {
      waiting.completeExceptionally(reason());
    }
    if (now != null) {
      now.close();
    }
  }
}
