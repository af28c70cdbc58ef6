// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Files as clients of the cluster see them. Thread-safe; blocks. */
public interface ModelStore {
  /** All files below {@code path}, or the file itself, by path. */
  List<StoredFile> list(String path) throws IOException;

  /** What is at {@code path}; empty if there is no file. */
  Optional<StoredFile> find(String path) throws IOException;

  InputStream open(String path) throws IOException;

  /** As {@link #open}, from the origin, whatever is in anybody's memory. */
  InputStream openAtOrigin(String path) throws IOException;

  /** One file. Immutable. */
  final class StoredFile {
    private final String path;
    private final long lengthBytes;
    private final String where;

    /**
     * @param where which workers have how much of it in memory
     */
    StoredFile(String path, long lengthBytes, String where) {
      this.path = path;
      this.lengthBytes = lengthBytes;
      this.where = where;
    }

    public String path() {
      return path;
    }

    public long lengthBytes() {
      return lengthBytes;
    }

    public String where() {
      return where;
    }
  }
}
