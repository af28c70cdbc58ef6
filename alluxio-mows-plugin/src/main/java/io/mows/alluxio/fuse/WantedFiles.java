// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import io.mows.p2p.fetch.FileSpec;
import java.util.List;

/** Fetches what readers say that they will read. Thread-safe; no method waits for anything. */
interface WantedFiles {
  /**
   * A reader will say what it is going to read in or below {@code directory}, an Alluxio path:
   * nothing is guessed there until that is closed.
   */
  Wants want(String directory);

  /** What one reader is going to read. */
  interface Wants extends AutoCloseable {
    /** These files come next, in this order. */
    void add(List<FileSpec> files);

    /** What has not been begun is not fetched any more. */
    @Override
    void close();
  }
}
