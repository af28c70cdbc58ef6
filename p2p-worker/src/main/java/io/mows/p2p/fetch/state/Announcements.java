// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of which there is more or less than before: the locator is told once after a decision,
 * however many pieces have come. For the engine's thread.
 */
public final class Announcements {
  private final boolean isShared;
  private final Map<Long, FileSpec> changed = new LinkedHashMap<>();

  /** What there is of a file. */
  public interface Present {
    /** Pieces that are here. */
    int pieces(FileSpec file);

    boolean isFetching(FileSpec file);
  }

  /**
   * @param isShared whether there is anybody to be told
   */
  public Announcements(boolean isShared) {
    this.isShared = isShared;
  }

  public void changed(FileSpec file) {
    if (isShared) {
      changed.put(file.fileId(), file);
    }
  }

  public void flush(Present present, FetchEffects effects) {
    if (changed.isEmpty()) {
      return;
    }
    for (FileSpec file : changed.values()) {
      int pieces = present.pieces(file);
      boolean fetching = present.isFetching(file);
      if (pieces == 0 && !fetching) {
        effects.locator().withdraw(file.fileId());
      } else {
        effects.locator().announce(file, pieces, fetching);
      }
    }
    changed.clear();
  }
}
