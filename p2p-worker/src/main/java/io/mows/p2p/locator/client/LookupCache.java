// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The last known answers, least recently used out first. Thread-safe.
 *
 * <p>A directory that started empty names nobody until everybody has announced again. Peers known
 * from its last life are kept in the answers for one lease: whoever is gone costs a failed
 * connection, whoever is forgotten costs the origin a read.
 */
final class LookupCache {
  private final long keepNs;
  private final int neighbours;
  private final Map<Long, Line> lines;

  LookupCache(int maxFiles, long keepMs, int neighbours) {
    this.keepNs = TimeUnit.MILLISECONDS.toNanos(keepMs);
    this.neighbours = neighbours;
    this.lines =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Line> eldest) {
            return size() > maxFiles;
          }
        };
  }

  /** The last known answer with its age now. */
  synchronized Optional<Lookup> get(long fileId, long nowNs) {
    Line line = lines.get(fileId);
    if (line == null) {
      return Optional.empty();
    }
    long restedMs = TimeUnit.NANOSECONDS.toMillis(nowNs - line.atNs);
    return Optional.of(line.lookup.aged(line.lookup.ageMs() + restedMs));
  }

  /** Keeps {@code fresh} and returns what to tell the asker. */
  synchronized Lookup put(Lookup fresh, long nowNs) {
    Line old = lines.get(fresh.fileId());
    List<Holder> carried = List.of();
    long carriedAtNs = nowNs;
    if (old != null && old.lookup.epoch() != fresh.epoch()) {
      carried = old.lookup.neighbours();
    } else if (old != null && nowNs - old.carriedAtNs < keepNs) {
      carried = old.carried;
      carriedAtNs = old.carriedAtNs;
    }
    Lookup merged = carried.isEmpty() ? fresh : merge(fresh, carried);
    lines.put(fresh.fileId(), new Line(merged, nowNs, carried, carriedAtNs));
    return merged;
  }

  private Lookup merge(Lookup fresh, List<Holder> carried) {
    Set<String> named =
        fresh.neighbours().stream().map(holder -> holder.peer().id()).collect(Collectors.toSet());
    List<Holder> all = new ArrayList<>(fresh.neighbours());
    carried.stream()
        .filter(holder -> !named.contains(holder.peer().id()))
        .limit(Math.max(0, neighbours - all.size()))
        .forEach(all::add);
    return new Lookup(
        fresh.fileId(),
        all,
        fresh.owners(),
        Math.max(fresh.holderCount(), all.size()),
        fresh.completeCount(),
        fresh.peerCount(),
        fresh.epoch(),
        fresh.ageMs());
  }

  private static final class Line {
    final Lookup lookup;
    final long atNs;
    final List<Holder> carried;
    final long carriedAtNs;

    Line(Lookup lookup, long atNs, List<Holder> carried, long carriedAtNs) {
      this.lookup = lookup;
      this.atNs = atNs;
      this.carried = carried;
      this.carriedAtNs = carriedAtNs;
    }
  }
}
