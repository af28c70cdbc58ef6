// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts requests and bytes. Thread-safe; transfers under way at a reset count on from zero. */
final class OriginCounters {
  private volatile Counts counts = new Counts();

  void countRequest(RequestKind kind, String key) {
    Counts current = counts;
    current.requests.get(kind).increment();
    if (kind == RequestKind.GET) {
      current.object(key).gets.increment();
    } else if (kind == RequestKind.HEAD) {
      current.object(key).heads.increment();
    }
  }

  void countBytes(String key, long bytes) {
    Counts current = counts;
    current.bytesSent.add(bytes);
    current.object(key).bytesSent.add(bytes);
  }

  void countFault() {
    counts.faultsInjected.increment();
  }

  void reset() {
    counts = new Counts();
  }

  OriginStats snapshot(Connections connections) {
    Counts current = counts;
    Map<RequestKind, Long> requests = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      requests.put(kind, current.requests.get(kind).sum());
    }
    return new OriginStats(
        current.bytesSent.sum(),
        requests,
        current.faultsInjected.sum(),
        connections.open(),
        connections.peak(),
        current.objects.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().snapshot())));
  }

  private static final class Counts {
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder faultsInjected = new LongAdder();
    private final Map<RequestKind, LongAdder> requests = new EnumMap<>(RequestKind.class);
    private final Map<String, ObjectCounts> objects = new ConcurrentHashMap<>();

    Counts() {
      for (RequestKind kind : RequestKind.values()) {
        requests.put(kind, new LongAdder());
      }
    }

    ObjectCounts object(String key) {
      return objects.computeIfAbsent(key, absent -> new ObjectCounts());
    }
  }

  private static final class ObjectCounts {
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder gets = new LongAdder();
    private final LongAdder heads = new LongAdder();

    OriginStats.ObjectStats snapshot() {
      return new OriginStats.ObjectStats(bytesSent.sum(), gets.sum(), heads.sum());
    }
  }
}
