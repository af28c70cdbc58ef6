// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes request threads wait so that bytes leave at the rates of the current {@link Shaping}, which
 * may be replaced at any time. Thread-safe.
 */
final class Shaper {
  static final int MAX_CHUNK_BYTES = 256 * 1024;

  /** Small enough for the slowest rates to be smooth, large enough to be worth a system call. */
  private static final int MIN_CHUNK_BYTES = 4 * 1024;

  private static final long CHUNKS_PER_SECOND = 500;

  /** How long a waiter may go on under a shaping that was replaced. */
  private static final long NOTICE_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private volatile State state;
  private volatile boolean stopped;

  Shaper(Shaping shaping) {
    this.state = new State(shaping);
  }

  Shaping shaping() {
    return state.shaping;
  }

  void setShaping(Shaping shaping) {
    state = new State(shaping);
  }

  /** Fails all waits, present and future. */
  void stop() {
    stopped = true;
  }

  /** Bytes to write at once: at most some 2 ms of the slowest line. */
  int chunkBytes() {
    return state.chunkBytes;
  }

  /** Waits until {@code bytes} of {@code line}'s connection may be written. */
  void awaitTurn(ConnectionLine line, int bytes) throws InterruptedIOException {
    State current = state;
    Pacer connection = line.pacerFor(current.shaping);
    long nowNs = System.nanoTime();
    long turnNs = connection == null ? nowNs : connection.reserve(bytes, nowNs);
    if (current.total != null) {
      // One sleep for both: a second one would only add another late waking.
      turnNs = Math.max(turnNs, current.total.reserve(bytes, nowNs));
    }
    sleepUntil(turnNs, current);
  }

  /** Waits for the first-byte delay and {@code extraMs} more. */
  void awaitFirstByte(long extraMs) throws InterruptedIOException {
    State current = state;
    long delayMs = current.shaping.firstByteDelayMs() + extraMs;
    if (delayMs > 0) {
      sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs), null);
    }
  }

  /** {@code validFor} null: the wait stands whatever happens to the shaping. */
  private void sleepUntil(long deadlineNs, State validFor) throws InterruptedIOException {
    long leftNs = deadlineNs - System.nanoTime();
    while (leftNs > 0 && (validFor == null || validFor == state)) {
      LockSupport.parkNanos(this, Math.min(leftNs, NOTICE_NS));
      if (stopped || Thread.interrupted()) {
        throw new InterruptedIOException("the origin is stopping");
      }
      leftNs = deadlineNs - System.nanoTime();
    }
  }

  private static final class State {
    private final Shaping shaping;
    private final Pacer total;
    private final int chunkBytes;

    State(Shaping shaping) {
      this.shaping = shaping;
      long totalRate = shaping.totalBytesPerSecond();
      this.total = totalRate == 0 ? null : new Pacer(totalRate);
      long slowest = Math.min(unlimited(totalRate), unlimited(shaping.connectionBytesPerSecond()));
      this.chunkBytes =
          (int) Math.max(MIN_CHUNK_BYTES, Math.min(MAX_CHUNK_BYTES, slowest / CHUNKS_PER_SECOND));
    }

    private static long unlimited(long rate) {
      return rate == 0 ? Long.MAX_VALUE : rate;
    }
  }
}
