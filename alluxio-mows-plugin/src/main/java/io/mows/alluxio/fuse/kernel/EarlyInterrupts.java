// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The interrupts of requests that nobody waits for (yet): another thread may still be busy with the
 * request. Those of requests that have been answered are among them. Thread-safe.
 */
final class EarlyInterrupts {
  private static final int MAX = 1_000;

  private final Set<Long> interrupts =
      Collections.newSetFromMap(
          new LinkedHashMap<Long, Boolean>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > MAX;
            }
          });

  /**
   * @param unique the number of the request
   */
  synchronized void add(long unique) {
    interrupts.add(unique);
  }

  /** Whether the request has been interrupted; true once at most. */
  synchronized boolean take(long unique) {
    return interrupts.remove(unique);
  }
}
