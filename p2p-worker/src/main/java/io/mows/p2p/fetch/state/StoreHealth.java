// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.channel.StoreException;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.table.Moment;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Whether blocks that have their room take bytes now. After a write failed, nothing is written for
 * two seconds; then the file system is asked whether it has space again, every two seconds until it
 * has. So no piece crosses the network again and again for a disk that is full. For the engine's
 * thread.
 */
public final class StoreHealth {
  public static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(2);

  /** For so many pauses what nobody reads waits for space; then it is told that there is none. */
  private static final int PATIENT_PAUSES = 8;

  /** Space for so many pieces is enough to begin again. */
  private static final int ENOUGH_PIECES = 4;

  private final Moment moment;
  private final FetchEffects effects;
  private final FetchMetrics metrics;
  private final long enoughBytes;
  private StoreException failure;
  private long sinceNs;
  private long untilNs;
  private boolean asking;

  public StoreHealth(Moment moment, FetchEffects effects, FetchMetrics metrics, int pieceBytes) {
    this.moment = moment;
    this.effects = effects;
    this.metrics = metrics;
    this.enoughBytes = (long) ENOUGH_PIECES * pieceBytes;
  }

  /** Bytes for an unfinished block could not be written. */
  public void failed(StoreException why) {
    long nowNs = moment.nowNs();
    if (failure == null) {
      sinceNs = nowNs;
    }
    failure = why;
    untilNs = nowNs + PAUSE_NS;
    metrics.storeFailed(why);
  }

  /** Whether nothing is to be written. */
  public boolean isFailing() {
    return failure != null;
  }

  /** Whether that will soon be over, as far as is known: what can wait should. */
  public boolean isWorthWaiting() {
    return isFailing() && moment.nowNs() - sinceNs < PATIENT_PAUSES * PAUSE_NS;
  }

  /** When to look again while {@link #isFailing}. */
  public long untilNs() {
    return untilNs;
  }

  /** Why nothing is written; null if it is. */
  public StoreException failure() {
    return failure;
  }

  /**
   * Asks the file system when it is time.
   *
   * @param wakeNs when something else is to be done
   * @return when to call again if nothing happens
   */
  public OptionalLong poll(OptionalLong wakeNs) {
    if (!isFailing() || asking) {
      return wakeNs;
    }
    if (moment.nowNs() - untilNs < 0) {
      boolean later = wakeNs.isPresent() && wakeNs.getAsLong() - untilNs < 0;
      return later ? wakeNs : OptionalLong.of(untilNs);
    }
    asking = true;
    effects.store().askRoom();
    return wakeNs;
  }

  /**
   * The file system has answered.
   *
   * @param unknown why not; null if it has
   * @return whether bytes can be written again
   */
  public boolean answered(long writableBytes, Throwable unknown) {
    asking = false;
    if (moment.nowNs() - untilNs < 0) {
      return false; // A write has failed since.
    }
    // If it cannot be had, the next write tells.
    if (unknown != null || writableBytes >= enoughBytes) {
      failure = null;
      return true;
    }
    untilNs = moment.nowNs() + PAUSE_NS;
    return false;
  }
}
