// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.RefusalReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What {@link ChannelStats} reports. Thread-safe. */
final class Counters {
  private final Map<ChannelCount, LongAdder> counts = adders(ChannelCount.class);
  private final Map<CloseReason, LongAdder> closes = adders(CloseReason.class);
  private final Map<RefusalReason, LongAdder> refusals = adders(RefusalReason.class);

  void add(ChannelCount count, long amount) {
    counts.get(count).add(amount);
  }

  long get(ChannelCount count) {
    return counts.get(count).sum();
  }

  void closed(CloseReason reason) {
    closes.get(reason).increment();
  }

  void refused(RefusalReason reason) {
    refusals.get(reason).increment();
  }

  ChannelStats snapshot() {
    return new ChannelStats(
        sums(ChannelCount.class, counts),
        sums(CloseReason.class, closes),
        sums(RefusalReason.class, refusals));
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    for (E key : type.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Class<E> type, Map<E, LongAdder> adders) {
    Map<E, Long> sums = new EnumMap<>(type);
    adders.forEach((key, adder) -> sums.put(key, adder.sum()));
    return sums;
  }
}
