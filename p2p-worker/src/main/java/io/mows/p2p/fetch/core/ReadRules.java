// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.file.FileFetch;
import java.util.HashMap;
import java.util.Map;

/** The readers that wait for pieces, and since when none does. For the engine's thread. */
final class ReadRules {
  private final Map<Long, Reader> readers = new HashMap<>();
  private boolean hadReaders;
  private long lastNs;

  void begun(long reader, long nowNs) {
    readers.put(reader, Reader.NONE);
    lastNs = nowNs;
    hadReaders = true;
  }

  /** The reader waits for {@code piece} of {@code fetch}. */
  void joined(long reader, FileFetch fetch, int piece) {
    readers.put(reader, new Reader(fetch, piece));
  }

  void ended(long reader, long nowNs) {
    Reader left = readers.remove(reader);
    if (left != null) {
      lastNs = nowNs;
      if (left.fetch != null) {
        left.fetch.wants().letGo(left.piece);
      }
    }
  }

  /** Whether a reader waits now, or has within {@code withinNs}. */
  boolean isActive(long withinNs, long nowNs) {
    return !readers.isEmpty() || (hadReaders && nowNs - lastNs < withinNs);
  }

  /** What one of them waits for. Immutable. */
  private static final class Reader {
    private static final Reader NONE = new Reader(null, 0);

    private final FileFetch fetch;
    private final int piece;

    Reader(FileFetch fetch, int piece) {
      this.fetch = fetch;
      this.piece = piece;
    }
  }
}
