// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.read.OpenedFile;
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
  private final Map<Long, OpenedFile> current = new HashMap<>();

  /** How many have it open; also of rounds that are over. */
  private final Map<OpenedFile, Integer> openers = new HashMap<>();

  SharedFiles(Function<FileSpec, OpenedFile> opener) {
    this.opener = opener;
  }

  /** To be closed as often as it is opened. */
  synchronized OpenedFile open(FileSpec file) {
    OpenedFile present = current.get(file.fileId());
    if (present == null || present.isDropped()) {
      present = opener.apply(file);
      current.put(file.fileId(), present);
    }
    openers.merge(present, 1, Integer::sum);
    return present;
  }

  synchronized void close(OpenedFile file) {
    if (openers.merge(file, -1, SharedFiles::sum) == null) {
      current.remove(file.file().fileId(), file);
    }
  }

  private static Integer sum(int count, int more) {
    return count + more == 0 ? null : Integer.valueOf(count + more);
  }

  /** Whether somebody still has it open who was given bytes of it that were dropped. */
  synchronized boolean isOpenFromBefore(long fileId) {
    return openers.keySet().stream()
        .anyMatch(file -> file.file().fileId() == fileId && file.isDropped());
  }

  synchronized int size() {
    return openers.size();
  }
}
