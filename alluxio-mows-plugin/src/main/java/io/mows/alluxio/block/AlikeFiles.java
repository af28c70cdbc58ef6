// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of a NAS that may be one file under several names: those of the same length and time, cut
 * into the same blocks. Thread-safe; asks nobody.
 */
final class AlikeFiles {
  private static final int MAX_KINDS = 10_000;

  /** Names of one kind; the ones that were seen last. */
  private static final int MAX_ALIKE = 16;

  private final Map<String, Map<Long, FileSpec>> kinds = new LinkedHashMap<>(16, 0.75f, true);

  void add(FileSpec file) {
    if (isLocal(file)) {
      add(kind(file), file);
    }
  }

  private synchronized void add(String kind, FileSpec file) {
    Map<Long, FileSpec> alike = kinds.computeIfAbsent(kind, any -> new LinkedHashMap<>());
    alike.remove(file.fileId());
    alike.put(file.fileId(), file);
    dropEldest(alike, MAX_ALIKE);
    dropEldest(kinds, MAX_KINDS);
  }

  private static void dropEldest(Map<?, ?> map, int max) {
    if (map.size() > max) {
      map.remove(map.keySet().iterator().next());
    }
  }

  /** The other files that may be the same as this one. */
  List<FileSpec> others(FileSpec file) {
    List<FileSpec> others = new ArrayList<>();
    if (isLocal(file)) {
      synchronized (this) {
        others.addAll(kinds.getOrDefault(kind(file), Map.of()).values());
      }
    }
    others.removeIf(other -> other.fileId() == file.fileId());
    return others;
  }

  /** Only there files have links. */
  private static boolean isLocal(FileSpec file) {
    String path = file.origin().path();
    return path.startsWith("/") || path.startsWith("file:");
  }

  private static String kind(FileSpec file) {
    return file.layout().lengthBytes()
        + " "
        + file.origin().lastModifiedMs()
        + " "
        + file.layout().blockCount()
        + " "
        + file.layout().blockLength(0);
  }
}
