// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.wire.WireException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A directory in this process with one switch: whether it answers. Thread-safe. */
public final class MemoryLocator implements LocatorTransport {
  private final LongSupplier wallMs;
  private LocatorReplica directory = new LocatorReplica();
  private boolean isDown;
  private boolean losesReplies;
  private boolean isSilent;
  public final AtomicInteger reads = new AtomicInteger();
  public final AtomicInteger writes = new AtomicInteger();

  public MemoryLocator() {
    this(System::currentTimeMillis);
  }

  /**
   * @param wallMs what it takes for the time, in ms
   */
  public MemoryLocator(LongSupplier wallMs) {
    this.wallMs = wallMs;
  }

  public synchronized void setDown(boolean down) {
    isDown = down;
  }

  /** Whether questions are never answered. */
  public synchronized void setSilent(boolean silent) {
    isSilent = silent;
  }

  /** Whether entries get in but nobody hears of it. */
  public synchronized void setLosesReplies(boolean loses) {
    losesReplies = loses;
  }

  public synchronized void loseEverything() {
    directory = new LocatorReplica();
  }

  public synchronized LocatorState state() {
    return directory.state();
  }

  @Override
  public synchronized CompletableFuture<byte[]> write(byte[] entry) {
    writes.incrementAndGet();
    if (isDown) {
      return CompletableFuture.failedFuture(new IOException("down"));
    }
    try {
      byte[] reply = directory.apply(directory.stamp(entry, wallMs.getAsLong()));
      return losesReplies
          ? CompletableFuture.failedFuture(new IOException("reply lost"))
          : CompletableFuture.completedFuture(reply);
    } catch (WireException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public synchronized CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    reads.incrementAndGet();
    if (isSilent) {
      return new CompletableFuture<>();
    }
    return isDown
        ? CompletableFuture.failedFuture(new IOException("down"))
        : CompletableFuture.completedFuture(directory.answer(query, 0));
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
