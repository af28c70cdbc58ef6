// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OpenedFile;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is open, once for all who have it open: they see each other's bytes in the kernel's page
 * cache, so what one was given all were. Who opens a file after its bytes were dropped shares
 * nothing with those who had it open before. Thread-safe.
 */
final class SharedFiles {
  private final Function<FileSpec, OpenedFile> opener;
  private final Map<Long, Shared> shared = new HashMap<>();

  SharedFiles(Function<FileSpec, OpenedFile> opener) {
    this.opener = opener;
  }

  /** To be closed as often as it is opened. */
  synchronized OpenedFile open(FileSpec file) {
    Shared present = shared.get(file.fileId());
    if (present == null || present.file.isDropped()) {
      present = new Shared(opener.apply(file));
      shared.put(file.fileId(), present);
    }
    present.openers++;
    return present.file;
  }

  synchronized void close(OpenedFile file) {
    Shared present = shared.get(file.file().fileId());
    // Those of a round that was dropped are not counted any more.
    if (present != null && present.file == file && --present.openers == 0) {
      shared.remove(file.file().fileId());
    }
  }

  synchronized int size() {
    return shared.size();
  }

  private static final class Shared {
    private final OpenedFile file;
    private int openers;

    Shared(OpenedFile file) {
      this.file = file;
    }
  }
}
