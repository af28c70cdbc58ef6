// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What readers see of each fetch. Written by the engine's thread, read by any. */
public final class ReadViews {
  private final Map<Long, FileView> byFile = new ConcurrentHashMap<>();
  private volatile Map<Long, OriginWait> originWaits = Map.of();

  /** That of the fetch of {@code file}; null if there is none. */
  public FileView of(FileSpec file) {
    return byFile.get(file.fileId());
  }

  public Collection<FileView> all() {
    return byFile.values();
  }

  /** What {@code file} waits for, as of a moment ago; null if its origin is well. */
  public OriginWait originWait(FileSpec file) {
    return originWaits.get(file.fileId());
  }

  // For the engine's thread.

  public void begin(FileSpec file, int fetch) {
    byFile.put(file.fileId(), new FileView(file, fetch));
  }

  public void end(FileSpec file, int fetch) {
    FileView view = of(file);
    if (view != null && view.number() == fetch) {
      byFile.remove(file.fileId());
    }
  }

  public void originWaits(Map<Long, OriginWait> now) {
    originWaits = now;
  }
}
