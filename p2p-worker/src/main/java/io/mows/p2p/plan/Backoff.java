// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import java.util.concurrent.TimeUnit;

/**
 * How long to wait before a failed read is tried again, and when to give up: exponential with a cap
 * and a deterministic jitter, so that pieces that failed together do not come back together.
 * Immutable.
 */
public final class Backoff {
  /** Five pauses between 0.1 and 2 s: a reader learns of a dead origin after about four seconds. */
  public static final Backoff DEFAULT =
      new Backoff(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(2), 6);

  private final long firstNs;
  private final long maxNs;
  private final int maxAttempts;

  /**
   * @param firstNs pause after the first failure
   * @param maxNs longest pause
   * @param maxAttempts attempts in all, the first included
   */
  public Backoff(long firstNs, long maxNs, int maxAttempts) {
    this.firstNs = firstNs;
    this.maxNs = maxNs;
    this.maxAttempts = maxAttempts;
  }

  boolean givesUpAfter(int attempts) {
    return attempts >= maxAttempts;
  }

  /**
   * The pause after failure number {@code attempts} (1, 2, ...) of the thing named {@code salt}.
   */
  public long pauseNs(int attempts, int salt) {
    long full = Math.min(maxNs, firstNs << Math.min(attempts - 1, 30));
    // Fibonacci hashing spreads neighbouring salts over 75..125 % of the pause.
    int spread = ((salt * 31 + attempts) * 0x9E3779B9) >>> 24;
    return full * 3 / 4 + full / 2 * spread / 256;
  }
}
