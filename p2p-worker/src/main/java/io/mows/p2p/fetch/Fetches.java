// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The fetches of a worker, one for each file. Changed by the engine's thread, read by any.
 *
 * <p>A step of the engine looks at those to which something has happened ({@link #touch}) and at no
 * others: what one piece costs must not grow with how many files there are.
 */
final class Fetches {
  private final Map<Long, FileFetch> byFile = new ConcurrentHashMap<>();
  private Set<FileFetch> touched = new LinkedHashSet<>();
  private boolean isBackgroundHeld;
  private long advanced;

  Optional<FileFetch> get(long fileId) {
    return Optional.ofNullable(byFile.get(fileId));
  }

  /** All of them, as they are now. */
  List<FileFetch> all() {
    return List.copyOf(byFile.values());
  }

  void add(FileFetch fetch) {
    byFile.put(fetch.file().fileId(), fetch);
    fetch.plan().holdBackground(isBackgroundHeld);
    fetch.plan().onChange(() -> touch(fetch));
    touch(fetch);
  }

  /** Something has happened to {@code fetch}. For the engine's thread. */
  void touch(FileFetch fetch) {
    touched.add(fetch);
  }

  /**
   * Does what can be done now with those to which something has happened. For the engine's thread.
   *
   * @param holdsBackground whether loads and read-ahead have to wait
   */
  void advance(boolean holdsBackground, Consumer<FileFetch> changed) {
    if (holdsBackground != isBackgroundHeld) {
      isBackgroundHeld = holdsBackground;
      all().forEach(fetch -> fetch.plan().holdBackground(holdsBackground));
    }
    if (touched.isEmpty()) {
      return;
    }
    Set<FileFetch> now = touched;
    touched = new LinkedHashSet<>();
    for (FileFetch fetch : now) {
      advanced++;
      if (fetch.advance()) {
        touch(fetch);
      }
      changed.accept(fetch);
    }
  }

  /** How often a fetch has been looked at until now: what all this costs. */
  long advanced() {
    return advanced;
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
