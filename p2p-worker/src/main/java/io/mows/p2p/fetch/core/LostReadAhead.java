// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.file.FileFetch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was still to be read ahead when a fetch ended because its origin was away for too long: it
 * goes on when somebody reads the file again, or a file that is open would be read piece by piece
 * for good. For the engine's thread.
 */
final class LostReadAhead {
  private static final int MAX_FILES = 10_000;

  private final Map<Long, Long> budgets = new LinkedHashMap<>();

  /** {@code fetch} is over. */
  void keep(FileFetch fetch) {
    long fileId = fetch.file().fileId();
    fetch.wants().lostAheadBytes().ifPresent(bytes -> budgets.put(fileId, bytes));
    if (budgets.size() > MAX_FILES) {
      budgets.remove(budgets.keySet().iterator().next());
    }
  }

  /** {@code fetch} has begun. */
  void resume(FileFetch fetch) {
    Long bytes = budgets.remove(fetch.file().fileId());
    if (bytes != null) {
      fetch.wants().readAhead(bytes);
    }
  }
}
