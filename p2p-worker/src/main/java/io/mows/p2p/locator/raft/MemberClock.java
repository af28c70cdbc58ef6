// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.wire.ReplayGuard;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clock of a member, as far as it has been learned. Thread-safe. */
final class MemberClock {
  private static final Logger LOG = LoggerFactory.getLogger(MemberClock.class);

  private final String member;
  private final LongSupplier wallMs;
  private final AtomicLong aheadMs = new AtomicLong();

  /**
   * @param member {@code host:port}
   * @param wallMs this worker's clock
   */
  MemberClock(String member, LongSupplier wallMs) {
    this.member = member;
    this.wallMs = wallMs;
  }

  long nowMs() {
    return wallMs.getAsLong() + aheadMs.get();
  }

  /** The member has just said what time it is. */
  void learn(long memberMs) {
    long now = memberMs - wallMs.getAsLong();
    long before = aheadMs.getAndSet(now);
    if (Math.abs(now - before) <= ReplayGuard.WINDOW_MS) {
      return;
    }
    if (isOff()) {
      LOG.warn("{}. This is allowed for; but synchronise the clocks of all workers (NTP).", this);
    } else {
      LOG.info("The clocks of the locator's member {} and of this worker agree again", member);
    }
  }

  /** Whether it differs from this worker's by more than messages may be old. */
  boolean isOff() {
    return Math.abs(aheadMs.get()) > ReplayGuard.WINDOW_MS;
  }

  /** How far it differs. */
  @Override
  public String toString() {
    long ms = aheadMs.get();
    return "The clock of the locator's member "
        + member
        + " is "
        + Math.abs(ms) / 1_000
        + " s "
        + (ms < 0 ? "behind" : "ahead of")
        + " this worker's";
  }
}
