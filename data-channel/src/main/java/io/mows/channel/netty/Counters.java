// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.RefusalReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What {@link ChannelStats} reports. Thread-safe. */
final class Counters {
  /** So many are told apart: who connects may call himself what he likes. */
  private static final int MAX_OLDER_PEERS = 64;

  private final Map<ChannelCount, LongAdder> counts = adders(ChannelCount.class);
  private final Map<CloseReason, LongAdder> closes = adders(CloseReason.class);
  private final Map<RefusalReason, LongAdder> refusals = adders(RefusalReason.class);
  private final Set<String> olderPeers = ConcurrentHashMap.newKeySet();

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

  /** Returns whether it is news that this peer runs a release that names no cluster. */
  boolean older(String peerId) {
    return olderPeers.size() < MAX_OLDER_PEERS && olderPeers.add(peerId);
  }

  /** This peer has proven that it belongs to this cluster. */
  void introduced(String peerId) {
    olderPeers.remove(peerId);
  }

  ChannelStats snapshot() {
    return new ChannelStats(
        sums(ChannelCount.class, counts),
        sums(CloseReason.class, closes),
        sums(RefusalReason.class, refusals),
        olderPeers);
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
