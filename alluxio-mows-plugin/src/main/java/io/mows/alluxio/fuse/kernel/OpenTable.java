// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is open, by the handle that the kernel knows it by. Thread-safe. */
final class OpenTable<T> {
  private final Map<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong lastHandle = new AtomicLong();

  long put(T opened) {
    long handle = lastHandle.incrementAndGet();
    open.put(handle, opened);
    return handle;
  }

  /** Null if there is none. */
  T get(long handle) {
    return open.get(handle);
  }

  /** Null if there is none. */
  T remove(long handle) {
    return open.remove(handle);
  }

  /** Empties the table. */
  Collection<T> removeAll() {
    List<T> all = List.copyOf(open.values());
    open.clear();
    return all;
  }
}
