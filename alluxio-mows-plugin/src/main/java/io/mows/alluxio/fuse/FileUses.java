// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Which files are open through the mount, and when each was used last. Thread-safe. */
final class FileUses {
  /** Those used longest ago are forgotten, which makes them cold. */
  private static final int MAX_FILES = 10_000;

  private final Map<Long, Integer> open = new HashMap<>();
  private final Map<Long, Long> lastUseNs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MAX_FILES;
        }
      };
  private OptionalLong lookedNs = OptionalLong.empty();

  synchronized void opened(long fileId, long nowNs) {
    open.merge(fileId, 1, Integer::sum);
    used(fileId, nowNs);
  }

  synchronized void closed(long fileId, long nowNs) {
    open.computeIfPresent(fileId, (id, count) -> count > 1 ? count - 1 : null);
    used(fileId, nowNs);
  }

  /** The one used last is the last to be forgotten. */
  private void used(long fileId, long nowNs) {
    lastUseNs.remove(fileId);
    lastUseNs.put(fileId, nowNs);
  }

  /**
   * These files are in memory. What has come without being opened here was loaded on purpose, which
   * is a use, too: when it was not here yet the last time that this was said, or later. What has
   * gone is forgotten.
   *
   * @param ahead those that have been read ahead
   */
  synchronized void held(Set<Long> fileIds, Set<Long> ahead, long nowNs) {
    if (lookedNs.isPresent()) {
      for (long id : fileIds) {
        if (!ahead.contains(id)) {
          lastUseNs.putIfAbsent(id, lookedNs.getAsLong());
        }
      }
    }
    lookedNs = OptionalLong.of(nowNs);
    lastUseNs.keySet().removeIf(id -> !fileIds.contains(id) && !open.containsKey(id));
  }

  synchronized boolean isOpen(long fileId) {
    return open.containsKey(fileId);
  }

  synchronized Set<Long> open() {
    return new HashSet<>(open.keySet());
  }

  /** Long ago if it is not known. */
  synchronized long lastUseNs(long fileId, long nowNs) {
    return lastUseNs.getOrDefault(fileId, nowNs - Long.MAX_VALUE / 2);
  }
}
