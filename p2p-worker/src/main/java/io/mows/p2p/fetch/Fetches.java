// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The fetches of a worker, one for each file. Changed by the engine's thread, read by any. */
final class Fetches {
  private final Map<Long, FileFetch> byFile = new ConcurrentHashMap<>();

  Optional<FileFetch> get(long fileId) {
    return Optional.ofNullable(byFile.get(fileId));
  }

  /** All of them, as they are now. */
  List<FileFetch> all() {
    return List.copyOf(byFile.values());
  }

  void add(FileFetch fetch) {
    byFile.put(fetch.file().fileId(), fetch);
  }

  /** Returns false if it is not one of them, or not any more. */
  boolean remove(FileFetch fetch) {
    return byFile.remove(fetch.file().fileId(), fetch);
  }

  /** Removes those that nothing has been wanted of for {@code lingerNs}, and returns them. */
  List<FileFetch> removeOver(long nowNs, long lingerNs) {
    List<FileFetch> over = new ArrayList<>();
    for (FileFetch fetch : all()) {
      if (fetch.isOver(nowNs, lingerNs)) {
        remove(fetch);
        over.add(fetch);
      }
    }
    return over;
  }
}
