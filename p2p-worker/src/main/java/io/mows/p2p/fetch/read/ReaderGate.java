// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.state.ReaderEffects;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The readers that wait, by the number under which the engine knows them. Thread-safe. */
public final class ReaderGate implements ReaderEffects {
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private volatile boolean hadReaders;
  private volatile long lastNs;

  /** One reader; told on the engine's thread. */
  public interface Waiting {
    void wake();

    /** The fetch has ended: it has to look anew. */
    void lookAgain();

    void fail(Throwable failure);

    /** The file cannot be fetched at all. */
    void refuse(Throwable failure);
  }

  /** A number for {@code reader}, who is told by it until {@link #leave}. */
  public long enter(Waiting reader, long nowNs) {
    long number = next.getAndIncrement();
    waiting.put(number, reader);
    lastNs = nowNs;
    hadReaders = true;
    return number;
  }

  public void leave(long number, long nowNs) {
    waiting.remove(number);
    lastNs = nowNs;
  }

  /** Whether any reader waits now. */
  public boolean isAnyWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether there ever was one. */
  public boolean hadReaders() {
    return hadReaders;
  }

  /** When the last one began or ended to wait. */
  public long lastNs() {
    return lastNs;
  }

  @Override
  public void wake(long number) {
    Waiting reader = waiting.get(number);
    if (reader != null) {
      reader.wake();
    }
  }

  @Override
  public void lookAgain(long number) {
    Waiting reader = waiting.get(number);
    if (reader != null) {
      reader.lookAgain();
    }
  }

  @Override
  public void failReader(long number, Throwable failure) {
    Waiting reader = waiting.get(number);
    if (reader != null) {
      reader.fail(failure);
    }
  }

  @Override
  public void refuseReader(long number, Throwable failure) {
    Waiting reader = waiting.get(number);
    if (reader != null) {
      reader.refuse(failure);
    }
  }
}
