// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.util.concurrent.TimeUnit;

/**
 * Whether RDMA to one peer is worth a try. Pure bookkeeping: the caller says what time it is.
 * Thread-safe.
 */
final class PeerHealth {
  /** So many failures without a success between them turn RDMA off. */
  static final int MAX_FAILURES = 3;

  static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
  static final long OFF_NS = TimeUnit.SECONDS.toNanos(60);

  private int failures;
  private boolean waits;
  private long nextTryNs;

  /** Whether to try now. */
  synchronized boolean mayTry(long nowNs) {
    return !waits || nowNs - nextTryNs >= 0;
  }

  /** A piece arrived. */
  synchronized void succeeded() {
    failures = 0;
    waits = false;
  }

  /**
   * A connection failed, or could not be made.
   *
   * @return whether this turned RDMA off
   */
  synchronized boolean failed(long nowNs) {
    boolean off = ++failures >= MAX_FAILURES;
    waits = true;
    nextTryNs = nowNs + (off ? OFF_NS : RETRY_NS);
    if (off) {
      failures = 0;
    }
    return off;
  }
}
