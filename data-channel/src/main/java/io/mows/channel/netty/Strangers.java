// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that others have made and on which nobody has introduced himself: there may be so
 * many in all and from one address, and the log tells of those that never do once a minute.
 * Thread-safe.
 */
final class Strangers {
  static final int MAX = 1_024;

  /** Workers behind one address may all connect at once, after a restart. */
  static final int MAX_PER_ADDRESS = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final Counters counters;
  private final LongSupplier nanoClock;
  private final Map<String, Integer> byAddress = new HashMap<>();
  private int all;
  private int untold;
  private long nextLogNs;

  Strangers(Counters counters, LongSupplier nanoClock) {
    this.counters = counters;
    this.nanoClock = nanoClock;
    this.nextLogNs = nanoClock.getAsLong();
  }

  /** Empty if there must not be one more connection from this address. */
  synchronized Optional<Visit> admit(String address) {
    int fromThere = byAddress.getOrDefault(address, 0);
    if (all >= MAX || fromThere >= MAX_PER_ADDRESS) {
      return Optional.empty();
    }
    all++;
    byAddress.put(address, fromThere + 1);
    return Optional.of(new Visit(address));
  }

  private synchronized void ended(String address) {
    all--;
    byAddress.merge(address, -1, (a, b) -> a + b == 0 ? null : a + b);
  }

  /**
   * A connection is gone, or was not taken, and nobody knows whose it was.
   *
   * @return whether that is in the log
   */
  boolean refused(String who, CloseReason reason, String detail) {
    counters.add(ChannelCount.STRANGERS, 1);
    int count;
    synchronized (this) {
      untold++;
      long nowNs = nanoClock.getAsLong();
      if (nowNs - nextLogNs < 0) {
        return false;
      }
      nextLogNs = nowNs + LOG_NS;
      count = untold;
      untold = 0;
    }
    LOG.warn(
        "{} connections to the data channel came to nothing, the last one from {}: {} ({})",
        count,
        who,
        detail,
        reason);
    return true;
  }

  /** One connection of a stranger. Thread-safe. */
  final class Visit {
    private final String address;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Visit(String address) {
      this.address = address;
    }

    /** It has been introduced, or is gone; only the first call counts. */
    void end() {
      if (ended.compareAndSet(false, true)) {
        Strangers.this.ended(address);
      }
    }
  }
}
